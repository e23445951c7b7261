package io.spillway.benchmarks.elastic;

import java.util.Arrays;

/**
 * When results came out of a job, and when none did. A gap between two results that is longer than
 * {@link #PAUSE_MILLIS} is an interruption; at a steady rate of many results a second nothing else
 * makes one. Immutable.
 */
final class Interruptions {
  /** Longer than a checkpoint or a collection takes, shorter than a restart. */
  static final long PAUSE_MILLIS = 500;

  private final long[] resultsMillis;

  /**
   * @param resultsMillis when each result came out, in any order
   */
  Interruptions(long[] resultsMillis) {
    this.resultsMillis = resultsMillis.clone();
    Arrays.sort(this.resultsMillis);
  }

  /** How often there was none for long, among the gaps that ended in this time. */
  int count(long fromMillis, long toMillis) {
    int count = 0;
    for (int i = 1; i < resultsMillis.length; i++) {
      count += endsIn(i, fromMillis, toMillis) && gap(i) > PAUSE_MILLIS ? 1 : 0;
    }
    return count;
  }

  /** Seconds of all of them together; without any the longest gap there was. */
  double seconds(long fromMillis, long toMillis) {
    long sum = 0;
    long longest = 0;
    for (int i = 1; i < resultsMillis.length; i++) {
      if (endsIn(i, fromMillis, toMillis)) {
        longest = Math.max(longest, gap(i));
        sum += gap(i) > PAUSE_MILLIS ? gap(i) : 0;
      }
    }
    return Math.max(sum, longest) / 1e3;
  }

  private boolean endsIn(int i, long fromMillis, long toMillis) {
    return resultsMillis[i] > fromMillis && resultsMillis[i] <= toMillis;
  }

  private long gap(int i) {
    return resultsMillis[i] - resultsMillis[i - 1];
  }
}
