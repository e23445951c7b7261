package io.spillway.benchmarks;

import io.spillway.benchmarks.replay.LossRun;
import io.spillway.benchmarks.replay.ReplayRun;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.ProducedWindows.Comparison;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * M5 and M13: that nothing is lost and nothing counted twice, in overload and after a replay,
 * whichever process is killed. These are no speeds: one run says it, and one event would disprove
 * it.
 */
final class ConservationGoals implements Measurement {
  private static final int CALIBRATION_SECONDS = 40;

  private final boolean quick;
  private final boolean loss;
  private final boolean replay;
  private final LossRun lossRun;
  private final LossRun paymentRun;
  private final ReplayRun replayRun;
  private final Supplier<LocalCluster> cluster;

  /**
   * @param ids the goals that are asked for
   */
  ConservationGoals(Set<String> ids, boolean quick, Supplier<LocalCluster> cluster) {
    this.quick = quick;
    this.loss = ids.contains("M5");
    this.replay = ids.contains("M13");
    this.lossRun = new LossRun(JobName.IOT, quick);
    this.paymentRun = new LossRun(JobName.TRANSACTIONS, quick);
    this.replayRun = new ReplayRun(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return CALIBRATION_SECONDS
        + (loss ? lossRun.seconds() + CALIBRATION_SECONDS + paymentRun.seconds() : 0)
        + (replay ? replayRun.seconds() : 0);
  }

  @Override
  public Findings measure(Progress progress) {
    LocalCluster running = cluster.get();
    Findings findings = new Findings();
    double capacity = capacity(running, JobName.IOT, progress);
    if (loss) {
      findings
          .results()
          .addAll(results(Goal.M5, Goal.M5_TWICE, lossRun.run(running, capacity, progress)));
      findings.add(lossRun.onTime());
    }
    if (replay) {
      findings.results().addAll(results(replayRun.run(running, capacity, progress)));
      findings.add(replayRun.onTime());
    }
    if (loss) {
      double payments = capacity(running, JobName.TRANSACTIONS, progress);
      findings
          .results()
          .addAll(
              results(
                  Goal.M5_PAYMENTS,
                  Goal.M5_PAYMENTS_TWICE,
                  paymentRun.run(running, payments, progress)));
      findings.add(paymentRun.onTime());
    }
    return findings;
  }

  private static double capacity(LocalCluster cluster, JobName job, Progress progress) {
    progress.say("measuring capacity of job %s on plain Flink".formatted(job.shortName()));
    double capacity =
        Calibration.capacity(
            cluster, new DemoPlan(job.shortName(), 5, Duration.ofSeconds(10)).plain(), progress);
    progress.say("capacity: %.0f events/s".formatted(capacity));
    return capacity;
  }

  private List<GoalResult> results(Goal lost, Goal twice, LossRun.Outcome outcome) {
    Map<String, Double> beside = new LinkedHashMap<>();
    beside.put(
        quick ? "events produced (--quick: fewer than the million of the goal)" : "events produced",
        (double) outcome.produced());
    beside.put("of them CRITICAL", (double) outcome.critical());
    beside.put("generator late, p99 (ms)", outcome.lagMillis());
    return List.of(
        new GoalResult(lost, exactly(outcome.lost()), beside),
        new GoalResult(
            twice,
            exactly(outcome.twice()),
            Map.of("problems of the audit, any priority", (double) outcome.problems())));
  }

  private static List<GoalResult> results(ReplayRun.Result outcome) {
    Comparison windows = outcome.windows();
    Map<String, Double> coverage = new LinkedHashMap<>();
    coverage.put("lowest coverage before the replay", windows.leastFirst());
    coverage.put("events produced", (double) outcome.produced());
    coverage.put("events deferred", (double) outcome.deferred());
    coverage.put("events replayed", (double) outcome.replayed());
    coverage.put("deferred events left", (double) outcome.left());
    Map<String, Double> error = new LinkedHashMap<>();
    error.put("windows", (double) windows.windows());
    error.put("windows corrected", (double) windows.corrected());
    error.put("windows with any figure wrong", (double) windows.problems().size());
    return List.of(
        new GoalResult(Goal.M13, exactly(windows.coverageGap()), coverage),
        new GoalResult(Goal.M13_ERROR, exactly(windows.error()), error));
  }

  private static Spread exactly(double value) {
    return Spread.of(List.of(value));
  }
}
