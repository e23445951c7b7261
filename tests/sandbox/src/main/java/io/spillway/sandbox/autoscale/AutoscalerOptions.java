package io.spillway.sandbox.autoscale;

import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;

/**
 * What a Kubernetes HorizontalPodAutoscaler is told ({@code autoscaling/v2}).
 *
 * @param min fewest replicas
 * @param max most replicas
 * @param target of the metric: replicas wanted = replicas there x metric / target
 * @param upWindow this long every round has to have wanted more before there are more
 * @param downWindow this long every round has to have wanted fewer before there are fewer
 * @param downPeriod one replica less in this time at most
 */
public record AutoscalerOptions(
    int min, int max, double target, Duration upWindow, Duration downWindow, Duration downPeriod) {

  public AutoscalerOptions {
    if (min < 1 || max < min || max > 32) {
      throw SandboxException.wrongUse(
          "--min %d, --max %d: give numbers from 1 to 32, the first not above the second"
              .formatted(min, max));
    }
    if (!(target > 0 && target <= 10)) {
      throw SandboxException.wrongUse(
          "--target %s: give the load / capacity to aim at, such as 0.75".formatted(target));
    }
    notNegative("--up-window", upWindow);
    notNegative("--down-window", downWindow);
    notNegative("--down-period", downPeriod);
  }

  private static void notNegative(String option, Duration duration) {
    if (duration.isNegative() || duration.compareTo(Duration.ofHours(1)) > 0) {
      throw SandboxException.wrongUse(
          "%s %s: give seconds from 0 to 3600".formatted(option, duration.toSeconds()));
    }
  }
}
