package io.spillway.sql;

import io.spillway.admission.KeepThresholds;
import io.spillway.priority.Priority;

/**
 * Keeps as many events per second as it is told, the most important first. The offered rate of each
 * priority is measured over half a second of event time; the rate that is wanted is then spent from
 * the top down, so that a priority is kept whole until it runs out, in part at the margin, and not
 * below. CRITICAL is always kept, and no priority gets less than a hundredth of the rate, else
 * nothing could be said about it any more.
 *
 * <p>A function of the events alone, with no clock: a second reading in the same order decides the
 * same. The first half second passes whole, as nothing is known before. Not thread safe.
 */
final class RateShedder {
  private static final long TICK_MILLIS = 500;
  private static final double GAIN = 0.5;
  private static final double FLOOR = 0.01;

  private final double ratePerSecond;
  private final KeepThresholds thresholds = new KeepThresholds();
  private final double[] offered = new double[Priority.COUNT];
  private final long[] arrived = new long[Priority.COUNT];
  private long tickStart = Long.MIN_VALUE;
  private boolean measured;

  RateShedder(double ratePerSecond) {
    if (!(ratePerSecond > 0 && ratePerSecond < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rate %s: give events per second, above 0".formatted(ratePerSecond));
    }
    this.ratePerSecond = ratePerSecond;
  }

  /**
   * What an event stands for if it is kept, 0 if it is not.
   *
   * @param hash uniform in {@code [0, Long.MAX_VALUE]}
   * @param incoming what it stood for before
   * @param millis its event time
   */
  double weight(Priority priority, long hash, double incoming, long millis) {
    if (tickStart == Long.MIN_VALUE) {
      tickStart = millis;
    } else if (millis - tickStart >= TICK_MILLIS) {
      endTick(millis);
    }
    arrived[priority.ordinal()]++;
    return thresholds.keeps(priority, hash) ? thresholds.weight(priority, incoming) : 0;
  }

  private void endTick(long millis) {
    double seconds = (millis - tickStart) / 1000.0;
    double rest = ratePerSecond;
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      double rate = arrived[i] / seconds;
      offered[i] = measured ? offered[i] + GAIN * (rate - offered[i]) : rate;
      arrived[i] = 0;
      double kept =
          priority == Priority.CRITICAL
              ? offered[i]
              : Math.min(offered[i], Math.max(rest, FLOOR * ratePerSecond));
      rest = Math.max(0, rest - kept);
      thresholds.set(priority, offered[i] > 0 ? kept / offered[i] : 1.0);
    }
    measured = true;
    tickStart = millis;
  }
}
