package io.spillway.enrichment;

/**
 * The time of one question, over all its attempts and the waits between them. Each attempt may take
 * its share of what is left: a service that hangs leaves time for the next attempt, and one that
 * fails at once leaves it more. The last attempt may take the rest. Immutable; nanoseconds of one
 * monotonic clock.
 *
 * @param startNanos when the question came
 * @param nanos how long it may take
 * @param attempts how many attempts there may be, from 1
 */
record TimeBudget(long startNanos, long nanos, int attempts) {
  /** Time left; 0 if none is. */
  long leftNanos(long now) {
    return Math.max(0, nanos - (now - startNanos));
  }

  /**
   * How long an attempt that begins now may take.
   *
   * @param attempt from 1
   */
  long attemptNanos(int attempt, long now) {
    return leftNanos(now) / (attempts - attempt + 1);
  }

  /** Whether an attempt may follow this one after a wait; a wait into nothing helps nobody. */
  boolean allowsAnother(int attempt, long waitNanos, long now) {
    return attempt < attempts && waitNanos < leftNanos(now);
  }
}
