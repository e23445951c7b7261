package io.spillway.benchmarks.fairness;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Timeline;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs the job of the demo with twice as many CRITICAL events as it can process, and as many of
 * BULK, which has a floor of a tenth.
 */
public final class FloodRuns {
  /** Floor of BULK: enough of them come out for their share to be known within some percent. */
  public static final double FLOOR = 0.1;

  private static final double FLOOD = 4;
  private static final int START_SECONDS = 60;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SETTLE_SECONDS = 8;

  private final OnTime onTime = new OnTime("flood");
  private final int rounds;
  private final int seconds;

  public FloodRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.seconds = quick ? 20 : 60;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return START_SECONDS + rounds * (load(1000).duration().toSeconds() + 15);
  }

  /** Of each round: the share of BULK in all results of the flood. */
  public List<Double> run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", FLOOD, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Variant variant =
        demo.spillway().named("flood").with("admission.floor.bulk", String.valueOf(FLOOR));
    List<Double> shares = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("a flood of CRITICAL events, round %d of %d".formatted(round, rounds));
      // What is left of the flood when it ends tells nothing more.
      Scenario scenario = new Scenario(variant, load(capacity), Duration.ZERO, Duration.ZERO);
      RunResult run = onTime.of(progress, () -> scenario.run(cluster, progress, row -> {}));
      shares.add(shareOfBulk(run.timeline()));
    }
    return shares;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private double shareOfBulk(Timeline timeline) {
    int from = WARM_UP_SECONDS + SETTLE_SECONDS;
    long all = 0;
    for (long[] ofPriority : timeline.delivered()) {
      all += sum(ofPriority, from);
    }
    return (double) sum(timeline.delivered()[Priority.BULK.ordinal()], from) / all;
  }

  private long sum(long[] bySecond, int from) {
    return Arrays.stream(bySecond, from, Math.min(bySecond.length, from + seconds)).sum();
  }

  private LoadPlan load(double capacity) {
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, 0.7 * capacity, Duration.ofSeconds(WARM_UP_SECONDS)),
            new Stage("flood", FLOOD * capacity, Duration.ofSeconds(SETTLE_SECONDS + seconds))),
        Map.of("mix", "critical=50,high=0,normal=0,bulk=50"));
  }
}
