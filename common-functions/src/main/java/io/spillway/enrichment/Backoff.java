package io.spillway.enrichment;

import java.time.Duration;

/**
 * How long to wait before another attempt: a random share of a time that doubles with each failure
 * up to a cap ("full jitter", Brooker, Exponential Backoff and Jitter, AWS Architecture Blog 2015).
 * The whole range is random, so callers that failed together do not come back together. Immutable:
 * nothing is shared between the calls of many records.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 40;

  private final long baseNanos;
  private final long capNanos;

  Backoff(Duration base, Duration cap) {
    this.baseNanos = base.toNanos();
    this.capNanos = cap.toNanos();
  }

  /**
   * @param failures attempts that have failed so far, from 1
   * @param random from 0 to 1
   */
  long delayNanos(int failures, double random) {
    return (long) (random * longestNanos(failures));
  }

  /** What {@link #delayNanos} stays below. */
  long longestNanos(int failures) {
    int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
    // The shift can only overflow where the cap has been passed long before.
    return baseNanos > (capNanos >> doublings) ? capNanos : baseNanos << doublings;
  }
}
