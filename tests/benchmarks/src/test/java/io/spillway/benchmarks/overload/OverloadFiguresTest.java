package io.spillway.benchmarks.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.Verdict;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** An ideal stage of 100 events/s that is told what to let in, so every figure is known. */
class OverloadFiguresTest {
  private static final double CAPACITY = 100;
  private static final long START_MILLIS = 1_000_000;
  private static final long LATENCY_MILLIS = 40;

  private final LoadPlan plan = new OverloadPlan(CAPACITY, true).spillway();
  private final Accounts accounts = new Accounts();
  private long offset;

  @Test
  void goodputIsTheCapacityWhereOnlyThatIsLetIn() {
    OverloadFigures figures = ideal();
    assertThat(figures.goodput(OverloadPlan.CALM)).isCloseTo(50, Percentage.withPercentage(3));
    assertThat(figures.goodput(OverloadPlan.AT_1X)).isCloseTo(100, Percentage.withPercentage(3));
    assertThat(figures.goodput(OverloadPlan.AT_10X)).isCloseTo(100, Percentage.withPercentage(3));
  }

  @Test
  void latencyIsFromIntendedSendTimeToTheResult() {
    OverloadFigures figures = ideal();
    assertThat(figures.criticalP99(OverloadPlan.AT_10X)).isEqualTo(LATENCY_MILLIS);
    assertThat(figures.worstCriticalP99()).isEqualTo(LATENCY_MILLIS);
  }

  @Test
  void anIdealStageSettlesAtOnceAndNeverFlaps() {
    OverloadFigures figures = ideal();
    assertThat(figures.settleSeconds()).isZero();
    assertThat(figures.flapsPerMinute()).isZero();
    assertThat(figures.clearSeconds()).isZero();
    assertThat(figures.criticalWithoutResult()).isZero();
  }

  @Test
  void sheddingAfterTheEndOfTheOverloadIsSeen() {
    play();
    long end = start(OverloadPlan.AFTER_HOLD);
    reject(Priority.BULK, end + 250);
    assertThat(figures().clearSeconds()).isEqualTo(0.3, Offset.offset(1e-9));
  }

  @Test
  void aCriticalEventWithoutAResultIsSeen() {
    play();
    reject(Priority.CRITICAL, START_MILLIS + 1000);
    assertThat(figures().criticalWithoutResult()).isEqualTo(1);
  }

  private OverloadFigures ideal() {
    play();
    return figures();
  }

  private OverloadFigures figures() {
    return new OverloadFigures(Verdict.of(accounts, plan), accounts, plan, CAPACITY);
  }

  /** Sends every stage at its rate; of each rate what is above the capacity is turned away. */
  private void play() {
    long at = START_MILLIS;
    for (LoadPlan.Stage stage : plan.stages()) {
      double keep = Math.min(1, CAPACITY / stage.ratePerSecond());
      double kept = 0;
      for (int i = 0; i < stage.events(); i++) {
        long sent = at + Math.round(i * 1000 / stage.ratePerSecond());
        kept += keep;
        if (kept >= 1) {
          kept -= 1;
          deliver(Priority.CRITICAL, sent);
        } else {
          reject(Priority.BULK, sent);
        }
      }
      at += stage.duration().toMillis();
    }
  }

  private void deliver(Priority priority, long sent) {
    accounts.produced("in", 0, offset, priority, sent);
    accounts.delivered("in", 0, offset++, sent + LATENCY_MILLIS);
  }

  private void reject(Priority priority, long sent) {
    accounts.produced("in", 0, offset, priority, sent);
    accounts.rejected("in", 0, offset++, Outcome.SHED);
  }

  private long start(String stage) {
    long at = START_MILLIS;
    for (LoadPlan.Stage other : plan.stages()) {
      if (other.name().equals(stage)) {
        return at;
      }
      at += other.duration().toMillis();
    }
    throw new IllegalArgumentException(stage);
  }
}
