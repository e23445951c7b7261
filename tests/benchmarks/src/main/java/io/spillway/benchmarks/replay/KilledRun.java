package io.spillway.benchmarks.replay;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.measure.LiveRow;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;

/**
 * A job under a load, with {@code kill -9} of a TaskManager in the middle of one stage of it, up to
 * the end: all that was produced is accounted for, every window is out, every transaction
 * committed.
 */
final class KilledRun {
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofSeconds(60);

  private KilledRun() {}

  /**
   * Runs it until the generator was on time.
   *
   * @param stage of the plan
   */
  static RunResult of(
      LocalCluster cluster,
      Variant variant,
      LoadPlan plan,
      String stage,
      OnTime onTime,
      Progress progress) {
    Scenario scenario = new Scenario(variant, plan, DRAIN, QUIET);
    Duration middle = middleOf(stage, plan);
    return onTime.of(
        progress,
        () -> {
          Killing killing = new Killing(cluster, progress);
          RunResult result =
              scenario.runToTheEnd(cluster, progress, row -> killAt(middle, row, killing));
          killing.requireHit();
          return result;
        });
  }

  private static void killAt(Duration time, LiveRow row, Killing killing) {
    if (!killing.isDone() && row.elapsed().compareTo(time) >= 0) {
      killing.kill();
    }
  }

  private static Duration middleOf(String name, LoadPlan plan) {
    Duration start = Duration.ZERO;
    for (Stage stage : plan.stages()) {
      if (stage.name().equals(name)) {
        return start.plus(stage.duration().dividedBy(2));
      }
      start = start.plus(stage.duration());
    }
    throw new IllegalArgumentException("no stage " + name);
  }
}
