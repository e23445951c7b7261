package io.spillway.admission;

import io.spillway.priority.Priority;

/**
 * Groups of events that had about the same chance of being kept: the same priority, and a keep
 * probability that rounds to the same power of two. The lane gate turns away by priority and the
 * controller by probability, so within a stratum it is chance alone that says who stays, and what
 * stays speaks for what does not. A stratum is a number from 0 to {@link #COUNT} - 1; neighbours
 * are alike.
 */
public final class Strata {
  /** Number of strata of one priority; they lie side by side. */
  public static final int PER_PRIORITY = 16;

  /** Number of strata, for arrays indexed by them. */
  public static final int COUNT = Priority.COUNT * PER_PRIORITY;

  private static final double SQRT_2 = Math.sqrt(2);

  private Strata() {}

  /** The stratum of events of this priority that are kept with this probability, 0 to 1. */
  public static int of(Priority priority, double keepProbability) {
    int halvings = Math.getExponent(SQRT_2 / keepProbability);
    return priority.ordinal() * PER_PRIORITY + Math.max(0, Math.min(PER_PRIORITY - 1, halvings));
  }
}
