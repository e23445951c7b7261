package io.spillway.sandbox.autoscale;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What one round came to, step by step.
 *
 * @param there replicas that there are
 * @param metric load / capacity, if it is known
 * @param asked by the formula
 * @param stable after the windows
 * @param limited after the limits on speed
 * @param wanted between the fewest and the most
 */
public record Decision(
    int there,
    OptionalDouble metric,
    double target,
    int asked,
    int stable,
    int limited,
    int wanted) {

  public boolean isChange() {
    return wanted != there;
  }

  /** What was seen and why something is done about it, or not. */
  public String explain() {
    if (metric.isEmpty()) {
      return isChange()
          ? "load unknown; %d -> %d: within --min and --max".formatted(there, wanted)
          : "load unknown: stays at %d".formatted(there);
    }
    return String.format(
        Locale.ROOT,
        "load %.2f, target %.2f: the formula asks for %d; %s",
        metric.getAsDouble(),
        target,
        asked,
        isChange() ? "%d -> %d%s".formatted(there, wanted, held()) : "stays at " + there + held());
  }

  private String held() {
    if (wanted == asked) {
      if (asked != there || !isOffTarget()) {
        return "";
      }
      return isWithinTolerance() ? ": within the tolerance" : ": rounded up, it is what there is";
    }
    if (stable != asked) {
      return asked > there
          ? ": not every round of --up-window has asked for as many"
          : ": not every round of --down-window has asked for as few";
    }
    if (limited != stable) {
      return stable > there ? ": four times as many in a minute" : ": one less in --down-period";
    }
    return limited > wanted ? ": --max" : ": --min";
  }

  private boolean isOffTarget() {
    return Math.abs(metric.orElse(target) - target) > 0.005;
  }

  private boolean isWithinTolerance() {
    return Math.abs(metric.orElse(target) / target - 1) <= Autoscaler.TOLERANCE;
  }
}
