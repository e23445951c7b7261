package io.spillway.benchmarks.replay;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
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
  /** A generator that is later than this was overloaded itself, and its load not what it says. */
  static final double LATEST_MILLIS = 1000;

  private static final int ATTEMPTS = 2;
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofSeconds(60);

  private KilledRun() {}

  /**
   * Runs it; once more where the generator was the bottleneck.
   *
   * @param stage of the plan
   * @throws SandboxException if the generator was late again
   */
  static RunResult of(
      LocalCluster cluster, Variant variant, LoadPlan plan, String stage, Progress progress) {
    for (int attempt = 1; ; attempt++) {
      Killing killing = new Killing(cluster, progress);
      Duration middle = middleOf(stage, plan);
      RunResult result =
          new Scenario(variant, plan, DRAIN, QUIET)
              .runToTheEnd(cluster, progress, row -> killAt(middle, row, killing));
      killing.requireHit();
      double lagMillis = result.generatorLag().p99Millis();
      progress.say("the generator was late by %.0f ms (p99)".formatted(lagMillis));
      if (lagMillis <= LATEST_MILLIS) {
        return result;
      }
      if (attempt == ATTEMPTS) {
        throw SandboxException.failure(
            "the generator was late by %.0f ms (p99), twice: this machine is busy with something else"
                .formatted(lagMillis));
      }
      progress.say("this run is thrown away: the load was not what it was meant to be");
    }
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
