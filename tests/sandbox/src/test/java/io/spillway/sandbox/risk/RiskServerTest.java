package io.spillway.sandbox.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.spillway.risk.v1.FaultServiceGrpc;
import io.spillway.risk.v1.Faults;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RiskServerTest {
  @Test
  void whoTellsItToLoseConnectionsIsAnsweredFirst() throws Exception {
    Faults first = Faults.newBuilder().setDelayMillis(1).build();
    try (RiskServer server = RiskServer.start(0)) {
      server.misbehave(first);
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        Faults before =
            FaultServiceGrpc.newBlockingStub(channel)
                .set(Faults.newBuilder().setDropNow(true).build());
        assertThat(before).isEqualTo(first);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aPortThatIsTakenIsAnError() throws Exception {
    try (RiskServer server = RiskServer.start(0)) {
      assertThatThrownBy(() -> RiskServer.start(server.port())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void ofAnyHundredQuestionsTheShareFails() {
    for (double share : new double[] {0, 0.5, 0.29, 1}) {
      long failed = 0;
      for (long number = 1_000; number < 1_100; number++) {
        failed += RiskServer.fails(number, share) ? 1 : 0;
      }
      assertThat(failed).isEqualTo(Math.round(100 * share));
    }
  }
}
