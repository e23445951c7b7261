package io.spillway.jobs.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * How late events were sent: actual minus intended time, in milliseconds. One subtask fills one;
 * the job's result is all of them merged. Early sending does not happen; clocks set back count as
 * no lag. Not thread safe.
 */
public final class SendLag implements Accumulator<SendLag, SendLag> {
  private static final long serialVersionUID = 1L;
  private static final long MAX_MILLIS = 3_600_000;
  private static final int DIGITS = 3;

  private Histogram lags = new Histogram(MAX_MILLIS, DIGITS);
  private long maxMillis;
  private long firstDueMillis = Long.MAX_VALUE;
  private long lastSentMillis = Long.MIN_VALUE;

  /** Notes one event. Lags above an hour count as an hour in the percentiles. */
  public void sent(long dueMillis, long nowMillis) {
    long lag = Math.max(0, nowMillis - dueMillis);
    lags.recordValue(Math.min(lag, MAX_MILLIS));
    maxMillis = Math.max(maxMillis, lag);
    firstDueMillis = Math.min(firstDueMillis, dueMillis);
    lastSentMillis = Math.max(lastSentMillis, nowMillis);
  }

  /** The number of events sent. */
  public long count() {
    return lags.getTotalCount();
  }

  public long maxMillis() {
    return maxMillis;
  }

  public long p99Millis() {
    return count() == 0 ? 0 : lags.getValueAtPercentile(99);
  }

  /** From when the first event was due to when the last was sent. */
  public double seconds() {
    return count() == 0 ? 0 : Math.max(0, lastSentMillis - firstDueMillis) / 1000.0;
  }

  /** {@code {"sent":n,"max_lag_ms":n,"p99_lag_ms":n,"seconds":n.nnn}}. */
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"sent\":%d,\"max_lag_ms\":%d,\"p99_lag_ms\":%d,\"seconds\":%.3f}",
        count(),
        maxMillis,
        p99Millis(),
        seconds());
  }

  @Override
  public void add(SendLag other) {
    lags.add(other.lags);
    maxMillis = Math.max(maxMillis, other.maxMillis);
    firstDueMillis = Math.min(firstDueMillis, other.firstDueMillis);
    lastSentMillis = Math.max(lastSentMillis, other.lastSentMillis);
  }

  @Override
  public SendLag getLocalValue() {
    return this;
  }

  @Override
  public void resetLocal() {
    lags.reset();
    maxMillis = 0;
    firstDueMillis = Long.MAX_VALUE;
    lastSentMillis = Long.MIN_VALUE;
  }

  @Override
  public void merge(Accumulator<SendLag, SendLag> other) {
    add(other.getLocalValue());
  }

  @Override
  public SendLag clone() {
    SendLag copy = new SendLag();
    copy.add(this);
    return copy;
  }
}
