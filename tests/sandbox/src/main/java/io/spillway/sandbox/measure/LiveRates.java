package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.LiveRow.PriorityRow;
import java.util.EnumMap;
import java.util.Map;

/**
 * Turns running totals into rates since the last look. Totals that went back (a job that was
 * restarted counts from zero) give a rate of 0. Not thread safe.
 */
public final class LiveRates {
  private final double[][] last = new double[Priority.COUNT][];
  private long lastNanos;

  /** Totals of one priority so far. */
  public record Totals(double offered, double delivered, double rejected, double deferred) {}

  /** Where totals come from. */
  @FunctionalInterface
  public interface TotalsOf {
    Totals of(Priority priority);
  }

  /**
   * The rows of all priorities; the latency window is emptied. The first look has rates of 0.
   *
   * @param nowNanos a clock that only moves forward
   */
  public Map<Priority, PriorityRow> since(TotalsOf totals, LatencyWindow window, long nowNanos) {
    double seconds = Math.max(1e-3, (nowNanos - lastNanos) / 1e9);
    Map<Priority, PriorityRow> rows = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      Totals now = totals.of(priority);
      double[] current = {now.offered(), now.delivered(), now.rejected(), now.deferred()};
      double[] before = last[priority.ordinal()] == null ? current : last[priority.ordinal()];
      rows.put(
          priority,
          new PriorityRow(
              Math.max(0, current[0] - before[0]) / seconds,
              Math.max(0, current[1] - before[1]) / seconds,
              Math.max(0, current[2] - before[2]) / seconds,
              Math.max(0, current[3] - before[3]) / seconds,
              window.percentile(priority, 50),
              window.percentile(priority, 99)));
      last[priority.ordinal()] = current;
    }
    window.clear();
    lastNanos = nowNanos;
    return rows;
  }
}
