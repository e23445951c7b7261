package io.spillway.benchmarks.overload;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs plain Flink and Spillway under overload on the local cluster, in turns, with the workers and
 * the work of the demo. Capacity is measured first, on plain Flink, and is the unit of every load.
 */
public final class OverloadRuns {
  /** About what starting a job, its topics and a generator takes. */
  private static final int START_SECONDS = 20;

  private static final int CALIBRATION_SECONDS = 30;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final OnTime onTime = new OnTime("overload");
  private final boolean quick;
  private final int rounds;
  private final boolean withPlain;

  /**
   * What came out, one element of each list for each round.
   *
   * @param plain empty where plain Flink was not asked for
   */
  public record Outcome(
      double capacityPerSecond, List<OverloadFigures> plain, List<OverloadFigures> spillway) {

    /** What CRITICAL waits for a worker at 10x by queueing alone, 99th percentile, milliseconds. */
    public double waitAt10x() {
      return waitMillis(10 * OverloadPlan.CRITICAL_SHARE, Double.POSITIVE_INFINITY);
    }

    /** The same, calm. */
    public double waitCalm() {
      double critical = OverloadPlan.IDLE * OverloadPlan.CRITICAL_SHARE;
      return waitMillis(critical, OverloadPlan.IDLE - critical);
    }

    /** Loads in multiples of the capacity. */
    private double waitMillis(double critical, double others) {
      return new WorkerQueue(
              DemoPlan.WORKERS,
              1000 * DemoPlan.WORKERS / capacityPerSecond,
              critical * capacityPerSecond,
              others * capacityPerSecond)
          .p99Millis(1);
    }
  }

  public OverloadRuns(boolean quick, boolean withPlain) {
    this.quick = quick;
    this.rounds = quick ? 1 : 3;
    this.withPlain = withPlain;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    OverloadPlan plan = new OverloadPlan(1000, quick);
    double spillway = plan.spillway().duration().toSeconds() + START_SECONDS;
    double plain = plan.plain().duration().plus(plan.plainDrain()).toSeconds() + START_SECONDS;
    return CALIBRATION_SECONDS + rounds * (spillway + (withPlain ? plain : 0));
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", 10, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    progress.say(
        "capacity: %.0f events/s (%d workers, %d us of work per event)"
            .formatted(capacity, DemoPlan.WORKERS, DemoPlan.WORK_MICROS));
    OverloadPlan plan = new OverloadPlan(capacity, quick);
    List<OverloadFigures> plain = new ArrayList<>();
    List<OverloadFigures> spillway = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      if (withPlain) {
        progress.say("overload, round %d of %d: plain Flink".formatted(round, rounds));
        plain.add(run(cluster, demo.plain(), plan.plain(), plan.plainDrain(), capacity, progress));
      }
      progress.say("overload, round %d of %d: Spillway".formatted(round, rounds));
      spillway.add(run(cluster, demo.spillway(), plan.spillway(), DRAIN, capacity, progress));
    }
    return new Outcome(capacity, plain, spillway);
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private OverloadFigures run(
      LocalCluster cluster,
      Variant variant,
      LoadPlan plan,
      Duration drain,
      double capacity,
      Progress progress) {
    Scenario scenario = new Scenario(variant, plan, drain, drain);
    RunResult result = onTime.of(progress, () -> scenario.run(cluster, progress, row -> {}));
    if (result.stage(OverloadPlan.CALM).goodputPerSecond() == 0) {
      throw SandboxException.failure(
          "%s: nothing came out at half of the capacity; './spillway status' shows what is up"
              .formatted(variant.name()));
    }
    return new OverloadFigures(result.verdict(), result.accounts(), plan, capacity);
  }
}
