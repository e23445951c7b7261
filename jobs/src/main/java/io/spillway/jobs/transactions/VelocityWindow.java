package io.spillway.jobs.transactions;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The payments of one account in a sliding window, as counts and sums by bucket: a ring, so memory
 * is bounded however many payments there are. Immutable: state is a value.
 *
 * @param newest number of the newest bucket
 * @param counts by bucket number modulo the length
 * @param sumsMinor the same
 */
public record VelocityWindow(long newest, long[] counts, long[] sumsMinor) {

  /**
   * How windows are kept. A window covers the last {@code buckets} buckets and so between {@code
   * length - length / buckets} and {@code length} of time. It ends at the newest payment of the
   * account: one that comes late counts as of now, so who sends old times gains nothing by it.
   *
   * @param bucketMillis length of a bucket
   */
  public record Rule(long bucketMillis, int buckets) implements Serializable {
    public Rule {
      if (bucketMillis < 1 || buckets < 1) {
        throw new IllegalArgumentException(
            buckets + " buckets of " + bucketMillis + " ms: both must be at least 1");
      }
    }

    /** The window with one payment more. */
    VelocityWindow add(VelocityWindow before, long timeMillis, long amountMinor) {
      long bucket = Math.floorDiv(timeMillis, bucketMillis);
      VelocityWindow window;
      if (before == null) {
        window = new VelocityWindow(bucket, new long[buckets], new long[buckets]);
      } else if (before.counts.length == buckets) {
        window = before.movedTo(Math.max(bucket, before.newest));
      } else {
        // A restart with another number of buckets: what is known counts as of now.
        window = new VelocityWindow(bucket, new long[buckets], new long[buckets]);
        Velocity known = before.total();
        window.put(known.count(), known.sumMinor());
      }
      window.put(1, amountMinor);
      return window;
    }
  }

  /** What is in the window. */
  Velocity total() {
    long sum = 0;
    for (long part : sumsMinor) {
      sum = capped(sum, part);
    }
    return new Velocity(Arrays.stream(counts).sum(), sum);
  }

  private VelocityWindow movedTo(long bucket) {
    VelocityWindow moved = new VelocityWindow(bucket, counts.clone(), sumsMinor.clone());
    long gone = Math.min(bucket - newest, counts.length);
    for (long i = 0; i < gone; i++) {
      int index = moved.index(bucket - i);
      moved.counts[index] = 0;
      moved.sumsMinor[index] = 0;
    }
    return moved;
  }

  private void put(long count, long amountMinor) {
    int index = index(newest);
    counts[index] += count;
    sumsMinor[index] = capped(sumsMinor[index], amountMinor);
  }

  private int index(long bucket) {
    return (int) Math.floorMod(bucket, (long) counts.length);
  }

  /** Neither is negative. */
  private static long capped(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
