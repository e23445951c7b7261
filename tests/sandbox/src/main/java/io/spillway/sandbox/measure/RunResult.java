package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.StageResult.PriorityResult;
import java.time.Duration;
import java.util.List;

/**
 * All that is known of one run. The accounts are part of it, so that a benchmark can look at the
 * run in its own way, for example in steps of 100 ms ({@link Timeline#of}).
 *
 * @param timeline in steps of one second
 * @param samples what the job said of itself, about once a second
 * @param missingCritical the first of the CRITICAL events that are missing by sequence
 * @param missingCriticalCount how many are missing
 * @param generatorLag how late the generator sent events; high values mean that it, not the job,
 *     was overloaded
 * @param drain from the end of the load to the last result
 * @param failure what the job failed with last, in one line; empty if it never did
 */
public record RunResult(
    Variant variant,
    LoadPlan plan,
    Verdict verdict,
    Timeline timeline,
    List<Sample> samples,
    List<CriticalAudit.Missing> missingCritical,
    long missingCriticalCount,
    GeneratorLag generatorLag,
    Duration drain,
    Accounts accounts,
    String failure) {

  /** What the job said of itself at one time. */
  public record Sample(long atMillis, JobMetrics metrics) {}

  /** How late events were sent, in milliseconds. */
  public record GeneratorLag(double p50Millis, double p99Millis, double maxMillis) {}

  public StageResult stage(String name) {
    StageResult stage = verdict.stages().get(name);
    if (stage == null) {
      throw new IllegalArgumentException(
          "no stage '%s' in %s".formatted(name, verdict.stages().keySet()));
    }
    return stage;
  }

  /** P of the report: one priority in one stage. */
  public PriorityResult of(Priority priority, String stage) {
    return stage(stage).of(priority);
  }

  public Conservation conservation() {
    return verdict.conservation();
  }

  /** Whether every event is accounted for and no CRITICAL event is missing. */
  public boolean isSound() {
    return conservation().holds() && missingCriticalCount == 0;
  }
}
