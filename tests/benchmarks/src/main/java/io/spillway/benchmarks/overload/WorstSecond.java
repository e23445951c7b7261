package io.spillway.benchmarks.overload;

import java.util.Arrays;

/**
 * The worst 99th percentile of the latency in any window of one second. Windows begin every 100 ms
 * and hold the events whose intended send time is in them, so a transient cannot hide between two
 * windows. A percentile is the nearest rank. Not thread safe.
 */
final class WorstSecond {
  static final long WINDOW_MILLIS = 1000;
  private static final long STEP_MILLIS = 100;
  private static final double QUANTILE = 0.99;

  private long[] sent = new long[1024];
  private long[] latencies = new long[1024];
  private int count;

  /** One event. Order does not matter. */
  void add(long sentMillis, long latencyMillis) {
    if (count == sent.length) {
      sent = Arrays.copyOf(sent, 2 * count);
      latencies = Arrays.copyOf(latencies, 2 * count);
    }
    sent[count] = sentMillis;
    latencies[count] = latencyMillis;
    count++;
  }

  /** Of the windows that lie within these times, in milliseconds; NaN if all are empty. */
  double p99Millis(long fromMillis, long toMillis) {
    double worst = Double.NaN;
    for (long at = fromMillis; at + WINDOW_MILLIS <= toMillis; at += STEP_MILLIS) {
      double p99 = p99(at, at + WINDOW_MILLIS);
      worst = Double.isNaN(worst) ? p99 : Math.max(worst, Double.isNaN(p99) ? worst : p99);
    }
    return worst;
  }

  private double p99(long from, long to) {
    long[] inWindow = new long[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (sent[i] >= from && sent[i] < to) {
        inWindow[n++] = latencies[i];
      }
    }
    if (n == 0) {
      return Double.NaN;
    }
    Arrays.sort(inWindow, 0, n);
    return inWindow[(int) Math.ceil(QUANTILE * n) - 1];
  }
}
