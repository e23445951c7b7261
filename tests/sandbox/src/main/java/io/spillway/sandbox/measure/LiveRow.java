package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Map;

/**
 * One moment of something that is running, for a live table. Rates are since the row before.
 *
 * @param title what is running
 * @param elapsed since the first event was to be sent
 * @param stage the stage of the load, or what is going on instead
 * @param waiting events of which nothing has been heard yet; {@link #UNKNOWN} where nobody counts
 */
public record LiveRow(
    String title,
    Duration elapsed,
    String stage,
    Map<Priority, PriorityRow> priorities,
    JobMetrics metrics,
    long waiting) {

  /** Where nobody counts what is waiting. */
  public static final long UNKNOWN = -1;

  /**
   * One priority. Latencies of the results that came out since the row before, in milliseconds; NaN
   * where there was none.
   *
   * @param rejectedPerSecond turned away for any reason, those that are to be replayed among them
   * @param deferredPerSecond turned away to be replayed
   */
  public record PriorityRow(
      double offeredPerSecond,
      double deliveredPerSecond,
      double rejectedPerSecond,
      double deferredPerSecond,
      double p50Millis,
      double p99Millis) {

    /** The same rates with latencies from elsewhere. */
    public PriorityRow withLatency(double otherP50Millis, double otherP99Millis) {
      return new PriorityRow(
          offeredPerSecond,
          deliveredPerSecond,
          rejectedPerSecond,
          deferredPerSecond,
          otherP50Millis,
          otherP99Millis);
    }

    /** Turned away and not to be replayed. */
    public double shedPerSecond() {
      return Math.max(0, rejectedPerSecond - deferredPerSecond);
    }
  }

  public double offeredPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::offeredPerSecond).sum();
  }

  public double deliveredPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::deliveredPerSecond).sum();
  }

  public double shedPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::shedPerSecond).sum();
  }

  public double deferredPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::deferredPerSecond).sum();
  }
}
