package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.spillway.risk.v1.RiskServiceGrpc;
import io.spillway.risk.v1.ScoreRequest;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DemoServiceTest {
  @Test
  void bothVariantsOfTheTransactionJobAskTheSameServiceAndItsQuestionsAreCounted() {
    DemoPlan plan = new DemoPlan("transactions", 5, Duration.ofSeconds(10));
    try (DemoService service = DemoService.of(plan.job())) {
      Set<String> addresses = new TreeSet<>();
      for (Variant variant : plan.variants()) {
        addresses.add(service.askedBy(variant).settings().get("risk.address"));
      }
      assertThat(addresses).hasSize(1);
      ManagedChannel channel =
          ManagedChannelBuilder.forTarget(addresses.iterator().next()).usePlaintext().build();
      try {
        RiskServiceGrpc.newBlockingStub(channel).score(ScoreRequest.getDefaultInstance());
      } finally {
        channel.shutdownNow();
      }
      assertThat(service.questions()).hasValue(1);
      assertThat(service.questions()).hasValue(0);
    }
  }

  @Test
  void otherJobsAskNobody() {
    for (String job : List.of("iot", "video")) {
      DemoPlan plan = new DemoPlan(job, 5, Duration.ofSeconds(10));
      try (DemoService service = DemoService.of(job)) {
        assertThat(service.askedBy(plan.spillway())).isEqualTo(plan.spillway());
        assertThat(service.questions()).isEqualTo(OptionalLong.empty());
      }
    }
  }
}
