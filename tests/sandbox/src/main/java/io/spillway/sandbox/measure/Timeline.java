package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * A run in steps of time from its start. Arrays are {@code [priority][step]}.
 *
 * <p>{@code offered}, {@code rejected} and the latencies belong to the step of the intended send
 * time: that is what the sender of an event sees. {@code delivered} belongs to the step in which
 * the result came out. {@code waiting} is the number of events that were sent by the end of a step,
 * that were not turned away, and whose result was still to come: the backlog, exact and in
 * hindsight. Latencies in milliseconds, NaN where nothing was delivered; the others are counts.
 */
public record Timeline(
    long startMillis,
    Duration step,
    long[][] offered,
    long[][] delivered,
    long[][] rejected,
    double[][] p50,
    double[][] p99,
    double[][] max,
    long[] waiting) {

  /** The run in steps of this length, until the last event was sent or came out. */
  public static Timeline of(Accounts accounts, long startMillis, Duration step) {
    long width = step.toMillis();
    int steps = steps(accounts, startMillis, width);
    long[][] offered = new long[Priority.COUNT][steps];
    long[][] delivered = new long[Priority.COUNT][steps];
    long[][] rejected = new long[Priority.COUNT][steps];
    AbstractHistogram[][] latencies = new AbstractHistogram[Priority.COUNT][steps];
    long[] waiting = new long[steps + 1];
    accounts.forEach(
        (priority, fate, sent, done) -> {
          int p = priority.ordinal();
          int i = (int) ((sent - startMillis) / width);
          offered[p][i]++;
          if (fate == Fate.DELIVERED) {
            int out = (int) ((Math.max(done, sent) - startMillis) / width);
            delivered[p][out]++;
            if (latencies[p][i] == null) {
              latencies[p][i] = new IntCountsHistogram(Verdict.DIGITS);
              latencies[p][i].setAutoResize(true);
            }
            latencies[p][i].recordValue(Math.max(0, done - sent));
            waiting[i]++;
            waiting[out]--;
          } else if (fate.isRejection()) {
            rejected[p][i]++;
          } else if (fate == Fate.UNACCOUNTED) {
            waiting[i]++;
          }
        });
    for (int i = 1; i < steps; i++) {
      waiting[i] += waiting[i - 1];
    }
    return new Timeline(
        startMillis,
        step,
        offered,
        delivered,
        rejected,
        percentiles(latencies, 50),
        percentiles(latencies, 99),
        percentiles(latencies, 100),
        Arrays.copyOf(waiting, steps));
  }

  public int steps() {
    return waiting.length;
  }

  private static int steps(Accounts accounts, long start, long width) {
    long[] last = {start};
    accounts.forEach(
        (priority, fate, sent, done) ->
            last[0] = Math.max(last[0], fate == Fate.DELIVERED ? Math.max(sent, done) : sent));
    return Math.toIntExact((last[0] - start) / width + 1);
  }

  private static double[][] percentiles(AbstractHistogram[][] latencies, double percentile) {
    double[][] values = new double[latencies.length][];
    for (int p = 0; p < latencies.length; p++) {
      values[p] =
          Arrays.stream(latencies[p])
              .mapToDouble(h -> h == null ? Double.NaN : Verdict.percentile(h, percentile))
              .toArray();
    }
    return values;
  }
}
