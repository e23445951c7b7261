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
 * @param waiting events of which nothing has been heard yet; negative where that is not known
 */
public record LiveRow(
    String title,
    Duration elapsed,
    String stage,
    Map<Priority, PriorityRow> priorities,
    JobMetrics metrics,
    long waiting) {

  /**
   * One priority. Latencies of the results that came out since the row before, in milliseconds; NaN
   * where there was none.
   */
  public record PriorityRow(
      double offeredPerSecond,
      double deliveredPerSecond,
      double rejectedPerSecond,
      double p50Millis,
      double p99Millis) {}

  public double offeredPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::offeredPerSecond).sum();
  }

  public double deliveredPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::deliveredPerSecond).sum();
  }

  public double rejectedPerSecond() {
    return priorities.values().stream().mapToDouble(PriorityRow::rejectedPerSecond).sum();
  }
}
