package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Measures capacity: the results per second of the plain job when it has more to do than it can,
 * counted from the receipts in Kafka after the ramp has passed.
 */
public final class Calibration {
  /** Enough to saturate, little enough that the machine does not work on the load instead. */
  private static final double OVERSUBSCRIPTION = 1.7;

  static final int RAMP_SECONDS = 15;
  static final int MEASURED_SECONDS = 8;

  private Calibration() {}

  /** What this variant should reach: its workers, each busy with nothing but the work. */
  public static double expectedPerSecond(Variant plain) {
    double workMicros = Double.parseDouble(plain.settings().getOrDefault("work.micros", "0"));
    if (workMicros <= 0) {
      throw new IllegalArgumentException("without work.micros there is no capacity to expect");
    }
    return plain.parallelism() * 1e6 / workMicros;
  }

  /** Events per second that this variant processes when saturated. Takes about 30 seconds. */
  public static double capacity(LocalCluster cluster, Variant plain, Progress progress) {
    return capacity(cluster, plain, expectedPerSecond(plain), progress, row -> {});
  }

  /**
   * Events per second that this variant processes when saturated.
   *
   * @param expectedPerSecond the load is somewhat above this
   */
  public static double capacity(
      LocalCluster cluster,
      Variant plain,
      double expectedPerSecond,
      Progress progress,
      Consumer<LiveRow> observer) {
    LoadPlan plan =
        LoadPlan.steady(
            "calibration",
            OVERSUBSCRIPTION * expectedPerSecond,
            Duration.ofSeconds(RAMP_SECONDS + MEASURED_SECONDS));
    RunResult result =
        new Scenario(plain.named("calibration"), plan, Duration.ZERO, Duration.ZERO)
            .run(cluster, progress, observer);
    double capacity = steadyPerSecond(result.timeline());
    if (capacity < 1) {
      throw SandboxException.failure(
          "no result came out within %d s: './spillway status' shows whether all of the cluster is up"
              .formatted(plan.duration().toSeconds()));
    }
    return capacity;
  }

  /**
   * Results per second between the ramp and the end: the median second, so that a machine that
   * stalls for one of them has the same capacity.
   */
  static double steadyPerSecond(Timeline timeline) {
    int to = Math.min(timeline.steps(), RAMP_SECONDS + MEASURED_SECONDS);
    long[] seconds =
        IntStream.range(RAMP_SECONDS, Math.max(RAMP_SECONDS, to))
            .mapToLong(i -> Arrays.stream(timeline.delivered()).mapToLong(p -> p[i]).sum())
            .sorted()
            .toArray();
    return seconds.length == 0
        ? 0
        : (seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2.0;
  }
}
