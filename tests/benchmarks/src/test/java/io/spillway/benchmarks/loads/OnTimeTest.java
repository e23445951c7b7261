package io.spillway.benchmarks.loads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.RunResult.GeneratorLag;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnTimeTest {
  private final List<String> said = new ArrayList<>();
  private final OnTime onTime = new OnTime("peers");

  @Test
  void aRunWhoseGeneratorWasOnTimeCountsAtOnce() {
    Deque<Double> runs = lags(50, 1);
    assertThat(late(runs)).isEqualTo(50);
    assertThat(runs).hasSize(1);
    assertThat(said).isEmpty();
    assertThat(onTime.worstMillis()).isEqualTo(50);
    assertThat(onTime.thrownAway()).isZero();
  }

  @Test
  void aRunWhoseGeneratorWasLateIsThrownAwayAndMadeAgain() {
    Deque<Double> runs = lags(51, Double.NaN, 20, 1);
    assertThat(late(runs)).isEqualTo(20);
    assertThat(runs).hasSize(1);
    assertThat(said)
        .containsExactly(
            "peers: thrown away, the generator was late (51 ms, limit 50)",
            "peers: thrown away, the generator was late (NaN ms, limit 50)");
    assertThat(onTime.worstMillis()).as("of those that count").isEqualTo(20);
    assertThat(onTime.thrownAway()).isEqualTo(2);
  }

  @Test
  void afterThreeLateRunsNothingIsClaimed() {
    Deque<Double> runs = lags(60, 70, 80, 1);
    assertThatExceptionOfType(OnTime.ThrownOut.class)
        .isThrownBy(() -> late(runs))
        .withMessageStartingWith(
            "peers: thrown out, the generator was late in 3 runs (the last 80 ms, limit 50)");
    assertThat(runs).as("not asked for").hasSize(1);
  }

  @Test
  void aRaceAmongStartsOfJvmsHasTheLimitItIsGiven() {
    OnTime amongStarts = new OnTime("loss", OnTime.LATEST_MILLIS_AMONG_STARTS);
    double late = amongStarts.of(said::add, () -> 900.0, each -> each);
    assertThat(late).isEqualTo(900);
  }

  @Test
  void aJobThatIsMinutesBehindIsNotAGeneratorThatIsLate() {
    RunResult behind = run(12, 3_000, Duration.ofMinutes(4));
    assertThat(onTime.of(said::add, () -> behind)).isSameAs(behind);
    RunResult late = run(400, 401, Duration.ZERO);
    assertThatExceptionOfType(OnTime.ThrownOut.class)
        .isThrownBy(() -> onTime.of(said::add, () -> late));
  }

  @Test
  void aJobThatFailsHasNoFiguresUnlessItWasKilled() {
    RunResult failed = run(1, 2, Duration.ZERO, "Caused by: java.lang.IllegalStateException: no");
    assertThatExceptionOfType(OnTime.ThrownOut.class)
        .isThrownBy(() -> onTime.of(said::add, () -> failed))
        .withMessageContaining("peers: thrown out, the job failed")
        .withMessageEndingWith("IllegalStateException: no");
    OnTime amongStarts = new OnTime("loss", OnTime.LATEST_MILLIS_AMONG_STARTS);
    assertThat(amongStarts.of(said::add, () -> failed)).isSameAs(failed);
  }

  private double late(Deque<Double> runs) {
    return onTime.of(said::add, runs::remove, late -> late);
  }

  private static Deque<Double> lags(double... millis) {
    Deque<Double> lags = new ArrayDeque<>();
    for (double each : millis) {
      lags.add(each);
    }
    return lags;
  }

  private static RunResult run(double p99, double max, Duration drain) {
    return run(p99, max, drain, "");
  }

  private static RunResult run(double p99, double max, Duration drain, String failure) {
    GeneratorLag lag = new GeneratorLag(1, p99, max);
    return new RunResult(
        null, null, null, null, List.of(), List.of(), 0, lag, drain, null, failure);
  }
}
