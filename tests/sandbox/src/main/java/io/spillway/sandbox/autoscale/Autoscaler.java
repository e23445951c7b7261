package io.spillway.sandbox.autoscale;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.function.IntBinaryOperator;

/**
 * How many replicas there should be, by the rules of the Kubernetes HorizontalPodAutoscaler
 * (kubernetes.io, "Horizontal Pod Autoscaling", algorithm details; {@code autoscaling/v2}
 * behaviour). A round asks for {@code ceil(there x metric / target)}, and for what is there if
 * metric / target is within a tenth of 1, or unknown. More are started when every round of the
 * window for it has asked for more, and then the fewest that any of them asked for; fewer, when
 * every round of its own, longer window has asked for fewer, and then the most. Up to four times as
 * many within a minute, and one less within a period. Not thread safe; times are of any clock, in
 * milliseconds, and do not go back.
 */
public final class Autoscaler {
  /** Of metric / target, as in Kubernetes. */
  static final double TOLERANCE = 0.1;

  static final int UP_FACTOR = 4;
  static final long UP_PERIOD_MILLIS = 60_000;
  private static final int DOWN_STEP = 1;

  private final AutoscalerOptions options;
  private final Deque<Recommendation> recommendations = new ArrayDeque<>();
  private final Deque<Change> changes = new ArrayDeque<>();

  private record Recommendation(long atMillis, int replicas) {}

  private record Change(long atMillis, int difference) {}

  public Autoscaler(AutoscalerOptions options) {
    this.options = options;
  }

  /**
   * One round.
   *
   * @param there replicas that there are
   * @param metric load / capacity, or nothing if nobody knows
   * @return what there should be; its caller sees to it, which counts as a change
   */
  public Decision decide(long nowMillis, int there, OptionalDouble metric) {
    if (recommendations.isEmpty()) {
      // What was there before the first round is taken for a recommendation.
      recommendations.add(new Recommendation(nowMillis, there));
    }
    int asked = metric.isPresent() ? asked(there, metric.getAsDouble()) : there;
    recommendations.add(new Recommendation(nowMillis, asked));
    int stable = stable(nowMillis, there);
    int limited = limited(nowMillis, there, stable);
    int wanted = Math.max(options.min(), Math.min(options.max(), limited));
    if (wanted != there) {
      changes.add(new Change(nowMillis, wanted - there));
    }
    forget(nowMillis);
    return new Decision(there, metric, options.target(), asked, stable, limited, wanted);
  }

  /** The formula: replicas for this load. */
  public int asked(int there, double metric) {
    double ratio = metric / options.target();
    if (!(Math.abs(ratio - 1) > TOLERANCE)) {
      return there;
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(there * ratio));
  }

  private int stable(long nowMillis, int there) {
    int up = over(nowMillis - options.upWindow().toMillis(), Math::min);
    int down = over(nowMillis - options.downWindow().toMillis(), Math::max);
    return there < up ? up : Math.max(0, Math.min(there, down));
  }

  private int over(long sinceMillis, IntBinaryOperator pick) {
    return recommendations.stream()
        .filter(r -> r.atMillis > sinceMillis || r == recommendations.getLast())
        .mapToInt(Recommendation::replicas)
        .reduce(pick)
        .orElseThrow();
  }

  private int limited(long nowMillis, int there, int stable) {
    if (stable > there) {
      int begin = there - sum(nowMillis - UP_PERIOD_MILLIS, 1);
      return (int) Math.max(there, Math.min(stable, (long) UP_FACTOR * begin));
    }
    int begin = there - sum(nowMillis - options.downPeriod().toMillis(), -1);
    return Math.min(there, Math.max(stable, begin - DOWN_STEP));
  }

  /** Replicas that came (sign 1) or went (sign -1) since then. */
  private int sum(long sinceMillis, int sign) {
    return changes.stream()
        .filter(change -> change.atMillis > sinceMillis && change.difference * sign > 0)
        .mapToInt(Change::difference)
        .sum();
  }

  private void forget(long nowMillis) {
    long window = Math.max(options.upWindow().toMillis(), options.downWindow().toMillis());
    recommendations.removeIf(
        r -> r.atMillis <= nowMillis - window && r != recommendations.getLast());
    long period = Math.max(UP_PERIOD_MILLIS, options.downPeriod().toMillis());
    changes.removeIf(change -> change.atMillis <= nowMillis - period);
  }
}
