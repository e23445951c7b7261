package io.spillway.benchmarks.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.enrichment.Lookup;
import io.spillway.enrichment.LookupFailure;
import io.spillway.jobs.risk.RiskService;
import io.spillway.risk.v1.Faults;
import io.spillway.risk.v1.ScoreRequest;
import io.spillway.sandbox.risk.RiskServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of the jobs and the service of the sandbox, over a connection of this machine. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RiskServiceTest {
  private static final Duration PLENTY = Duration.ofSeconds(50);

  private RiskServer server;
  private Lookup<ScoreRequest, Double> client;

  @BeforeEach
  void start() throws Exception {
    server = RiskServer.start(0);
    client = new RiskService("127.0.0.1:" + server.port()).open();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void theSameQuestionHasTheSameScore() {
    double first = score("a-1");
    assertThat(score("a-1")).isEqualTo(first).isBetween(0.0, 1.0);
    assertThat(score("a-2")).isNotEqualTo(first);
  }

  @Test
  void aServiceThatHangsOrIsTooSlowEndsWithTheDeadline() {
    for (Faults faults :
        List.of(
            Faults.newBuilder().setHang(true).build(),
            Faults.newBuilder().setDelayMillis(3_600_000).build())) {
      server.misbehave(faults);
      assertThat(failure(Duration.ofMillis(50))).isEqualTo(LookupFailure.Kind.TIMEOUT);
    }
  }

  @Test
  void theShareThatIsToFailFails() {
    server.misbehave(Faults.newBuilder().setErrorShare(0.5).build());
    List<LookupFailure.Kind> kinds = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      kinds.add(failure(PLENTY));
    }
    assertThat(kinds.stream().filter(kind -> kind == null)).hasSize(5);
    assertThat(kinds.stream().filter(kind -> kind == LookupFailure.Kind.UNAVAILABLE)).hasSize(5);
  }

  @Test
  void aServiceThatIsGoneFailsAtOnceAndIsFoundAgainWhenItIsBack() throws Exception {
    double before = score("a-1");
    int port = server.port();
    server.close();
    server.awaitEnd();
    assertThat(failure(PLENTY)).isEqualTo(LookupFailure.Kind.UNAVAILABLE);
    server = RiskServer.start(port);
    while (failure(PLENTY) != null) {
      Thread.onSpinWait();
    }
    assertThat(score("a-1")).isEqualTo(before);
  }

  @Test
  void aQuestionThatIsOnItsWayWhenConnectionsAreLostFailsAndTheNextOneIsAnswered() {
    double before = score("a-1");
    server.misbehave(Faults.newBuilder().setHang(true).build());
    CompletableFuture<Double> onItsWay = ask("a-1", PLENTY);
    while (server.questions() < 2) {
      Thread.onSpinWait();
    }
    server.misbehave(Faults.newBuilder().setDropNow(true).build());
    assertThat(kindOf(onItsWay)).isEqualTo(LookupFailure.Kind.UNAVAILABLE);
    assertThat(score("a-1")).isEqualTo(before);
  }

  @Test
  void everyThirdQuestionIsLostWithItsConnection() {
    server.misbehave(Faults.newBuilder().setDropEvery(3).build());
    List<LookupFailure.Kind> kinds = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      kinds.add(failure(PLENTY));
    }
    assertThat(kinds)
        .containsExactly(
            null, null, LookupFailure.Kind.UNAVAILABLE, null, null, LookupFailure.Kind.UNAVAILABLE);
  }

  private double score(String account) {
    return ask(account, PLENTY).join();
  }

  /** Null without one. */
  private LookupFailure.Kind failure(Duration deadline) {
    return kindOf(ask("a-1", deadline));
  }

  private static LookupFailure.Kind kindOf(CompletableFuture<Double> answer) {
    return answer
        .handle((score, failure) -> failure == null ? null : ((LookupFailure) failure).kind())
        .join();
  }

  private CompletableFuture<Double> ask(String account, Duration deadline) {
    ScoreRequest question =
        ScoreRequest.newBuilder().setAccount(account).setMerchant("m-1").build();
    return client.ask(question, deadline).toCompletableFuture();
  }
}
