package io.spillway.benchmarks.overload;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The figures of one overload run, from the accounts that were kept outside the job. Latency is
 * from intended send time to the broker's stamp on the result, in milliseconds.
 */
public final class OverloadFigures {
  /** A stage's beginning is the way to its level, not the level. */
  private static final double SKIPPED_SHARE = 0.25;

  /** Time to settle before flaps are counted. */
  private static final int FLAPS_FROM_STEP = 30;

  private final Verdict verdict;
  private final Accounts accounts;
  private final Series series;
  private final double capacityPerSecond;
  private final Map<String, Range> ranges = new HashMap<>();

  /** Steps of a stage. */
  private record Range(int from, int to) {}

  public OverloadFigures(
      Verdict verdict, Accounts accounts, LoadPlan plan, double capacityPerSecond) {
    this.verdict = verdict;
    this.accounts = accounts;
    this.capacityPerSecond = capacityPerSecond;
    int at = 0;
    for (Stage stage : plan.stages()) {
      int end = at + Math.toIntExact(stage.duration().toMillis() / Reaction.STEP_MILLIS);
      ranges.put(stage.name(), new Range(at, end));
      at = end;
    }
    this.series = Series.of(accounts, verdict.startMillis(), at);
  }

  /** Results per second in the last three quarters of a stage. */
  public double goodput(String stage) {
    Range range = ranges.get(stage);
    int from = range.from + (int) ((range.to - range.from) * SKIPPED_SHARE);
    long results = Arrays.stream(series.delivered(), from, range.to).sum();
    return results * 1000.0 / ((range.to - from) * (double) Reaction.STEP_MILLIS);
  }

  /** Latency of the CRITICAL events of a stage. */
  public double criticalP99(String stage) {
    return verdict.stages().get(stage).of(Priority.CRITICAL).p99Millis();
  }

  /** CRITICAL events of this run that never came out. */
  public long criticalWithoutResult() {
    return accounts.produced(Priority.CRITICAL) - accounts.count(Priority.CRITICAL, Fate.DELIVERED);
  }

  /** The worst p99 of CRITICAL in any second of the stage that begins with the step to 10x. */
  public double worstCriticalP99() {
    WorstSecond worst = new WorstSecond();
    accounts.forEach(
        (priority, fate, sent, done) -> {
          if (priority == Priority.CRITICAL && fate == Fate.DELIVERED) {
            worst.add(sent - verdict.startMillis(), Math.max(0, done - sent));
          }
        });
    Range range = ranges.get(OverloadPlan.AT_10X);
    return worst.p99Millis(
        (long) range.from * Reaction.STEP_MILLIS, (long) range.to * Reaction.STEP_MILLIS);
  }

  /** From the step to 1.4x until admission has settled. */
  public double settleSeconds() {
    Range hold = ranges.get(OverloadPlan.HOLD);
    return Reaction.settleSeconds(
        series.letIn(), series.waiting(), hold.from, hold.to, capacityPerSecond);
  }

  /** How often shedding stops in the hold at 1.4x. */
  public double flapsPerMinute() {
    Range hold = ranges.get(OverloadPlan.HOLD);
    return Reaction.flapsPerMinute(series.rejected(), hold.from + FLAPS_FROM_STEP, hold.to);
  }

  /** From the end of an overload to zero shedding: the worse of the two ends. */
  public double clearSeconds() {
    Range after10x = ranges.get(OverloadPlan.AFTER_10X);
    Range afterHold = ranges.get(OverloadPlan.AFTER_HOLD);
    return Math.max(
        Reaction.clearSeconds(series.rejected(), after10x.from, after10x.to),
        Reaction.clearSeconds(series.rejected(), afterHold.from, afterHold.to));
  }
}
