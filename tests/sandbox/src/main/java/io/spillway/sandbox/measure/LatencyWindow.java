package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import org.HdrHistogram.Histogram;

/**
 * Latencies of the results since the last {@link #clear}, by priority, for a live table. Not thread
 * safe.
 */
public final class LatencyWindow {
  private final Histogram[] histograms = new Histogram[Priority.COUNT];

  public LatencyWindow() {
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] = Verdict.histogram();
    }
  }

  public void add(Priority priority, long latencyMillis) {
    histograms[priority.ordinal()].recordValue(Math.max(0, latencyMillis));
  }

  public long count(Priority priority) {
    return histograms[priority.ordinal()].getTotalCount();
  }

  /** In milliseconds, or NaN if there was no result. */
  public double percentile(Priority priority, double percentile) {
    return Verdict.percentile(histograms[priority.ordinal()], percentile);
  }

  public void clear() {
    for (Histogram histogram : histograms) {
      histogram.reset();
    }
  }
}
