package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.StageResult.PriorityResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final long START = 1_700_000_000_000L;
  private static final LoadPlan PLAN =
      LoadPlan.surge(1000, 5, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2));

  private final Accounts accounts = new Accounts();
  private long next;

  @Test
  void anEventBelongsToTheStageInWhichItWasToBeSent() {
    event(Priority.CRITICAL, 0, 10);
    event(Priority.CRITICAL, 1999, 3000);
    event(Priority.CRITICAL, 2000, 20);
    event(Priority.CRITICAL, 2999, 30);
    event(Priority.CRITICAL, 3000, 40);
    event(Priority.CRITICAL, 9999, 50);
    Verdict verdict = Verdict.of(accounts, PLAN);
    assertThat(produced(verdict, "calm")).isEqualTo(2);
    assertThat(produced(verdict, "overload")).isEqualTo(2);
    assertThat(produced(verdict, "recovery")).isEqualTo(2);
  }

  @Test
  void percentilesAreThoseOfTheStageAndThePriority() {
    event(Priority.BULK, 0, 1);
    for (int i = 1; i <= 1000; i++) {
      event(Priority.CRITICAL, 2000, i);
      event(Priority.HIGH, 2000, 5);
    }
    PriorityResult critical = of(Verdict.of(accounts, PLAN), "overload", Priority.CRITICAL);
    assertThat(critical.p50Millis()).isEqualTo(500, within(1.0));
    assertThat(critical.p99Millis()).isEqualTo(990, within(1.0));
    assertThat(critical.maxMillis()).isEqualTo(1000, within(1.0));
    PriorityResult high = of(Verdict.of(accounts, PLAN), "overload", Priority.HIGH);
    assertThat(high.p99Millis()).isEqualTo(5);
  }

  @Test
  void goodputIsWhatCameOutWhileTheStageLasted() {
    event(Priority.BULK, 0, 100);
    for (int i = 0; i < 300; i++) {
      event(Priority.BULK, 500, 1800);
    }
    event(Priority.BULK, 4990, 60_000);
    Verdict verdict = Verdict.of(accounts, PLAN);
    assertThat(verdict.stages().get("calm").goodputPerSecond()).isEqualTo(0.5);
    assertThat(verdict.stages().get("overload").goodputPerSecond()).isEqualTo(300);
    assertThat(verdict.stages().get("overload").timelyPerSecond()).isZero();
    assertThat(verdict.stages().get("recovery").goodputPerSecond()).isZero();
  }

  @Test
  void whatWasShedIsCountedInItsStageAndInTheWhole() {
    event(Priority.CRITICAL, 0, 10);
    accounts.produced("in", 0, next, Priority.BULK, START + 2500);
    accounts.rejected("in", 0, next++, Outcome.LANE_FULL);
    accounts.produced("in", 0, next, Priority.BULK, START + 2500);
    accounts.rejected("in", 0, next++, Outcome.SHED);
    Verdict verdict = Verdict.of(accounts, PLAN);
    assertThat(of(verdict, "overload", Priority.BULK).rejected()).isEqualTo(2);
    assertThat(of(verdict, "overload", Priority.BULK).p99Millis()).isNaN();
    assertThat(verdict.conservation().shed()).isEqualTo(2);
    assertThat(verdict.conservation().laneFull()).isEqualTo(1);
    assertThat(verdict.conservation().holds()).isTrue();
  }

  @Test
  void aRunWithoutEventsHasZerosAndNoPercentiles() {
    Verdict verdict = Verdict.of(accounts, PLAN);
    assertThat(verdict.conservation().produced()).isZero();
    assertThat(of(verdict, "calm", Priority.HIGH).p50Millis()).isNaN();
  }

  private void event(Priority priority, long sentAfter, long latency) {
    accounts.produced("in", 0, next, priority, START + sentAfter);
    accounts.delivered("in", 0, next++, START + sentAfter + latency);
  }

  private static long produced(Verdict verdict, String stage) {
    return of(verdict, stage, Priority.CRITICAL).produced();
  }

  private static PriorityResult of(Verdict verdict, String stage, Priority priority) {
    return verdict.stages().get(stage).of(priority);
  }
}
