package io.spillway.benchmarks.overload;

/**
 * How admission reacts to a step of the load, from series in steps of {@value #STEP_MILLIS} ms.
 * Pure; the arrays are indexed by step since the start of the run.
 *
 * <ul>
 *   <li><b>Settled</b> is the first moment after which, for {@value #HOLDS_FOR} steps, the rate let
 *       in is within {@value #BAND} of the capacity in every window of {@value #WINDOW} steps, and
 *       at the end of which the queue is longer than before by no more than {@value #GROWTH} of
 *       what the workers do in a second.
 *   <li><b>A flap</b> is a stretch of at least one step in which nothing is turned away although
 *       the overload lasts. The last step counts only if it is whole.
 *   <li><b>Clear</b> is the time from the end of the overload to the last event that was turned
 *       away.
 * </ul>
 */
public final class Reaction {
  public static final int STEP_MILLIS = 100;
  static final int WINDOW = 5;
  static final int HOLDS_FOR = 20;
  static final double BAND = 0.1;
  static final double GROWTH = 0.1;

  private Reaction() {}

  /**
   * Seconds from the step of the load to settled; NaN if it does not settle before the end.
   *
   * @param letIn events sent in each step that were not turned away
   * @param waiting events let in whose result was still to come at the end of each step
   */
  public static double settleSeconds(
      long[] letIn, long[] waiting, int from, int to, double capacityPerSecond) {
    double growth = GROWTH * capacityPerSecond;
    for (int at = from; at + HOLDS_FOR <= to; at++) {
      if (waiting[at + HOLDS_FOR - 1] - waiting[at] <= growth
          && isSteady(letIn, at, capacityPerSecond)) {
        return (at - from) * STEP_MILLIS / 1000.0;
      }
    }
    return Double.NaN;
  }

  private static boolean isSteady(long[] letIn, int at, double capacityPerSecond) {
    double expected = capacityPerSecond * WINDOW * STEP_MILLIS / 1000;
    for (int start = at; start + WINDOW <= at + HOLDS_FOR; start++) {
      long sum = 0;
      for (int i = start; i < start + WINDOW; i++) {
        sum += letIn[i];
      }
      if (Math.abs(sum - expected) > BAND * expected) {
        return false;
      }
    }
    return true;
  }

  /**
   * Flaps per minute.
   *
   * @param rejected events sent in each step that were turned away
   */
  static double flapsPerMinute(long[] rejected, int from, int to) {
    int flaps = 0;
    for (int i = from; i < to; i++) {
      boolean begins = rejected[i] == 0 && (i == from || rejected[i - 1] > 0);
      flaps += begins ? 1 : 0;
    }
    return flaps * 60_000.0 / ((to - from) * (double) STEP_MILLIS);
  }

  /** Seconds from the end of the overload to the end of the last step with a rejection. */
  static double clearSeconds(long[] rejected, int end, int to) {
    for (int i = to - 1; i >= end; i--) {
      if (rejected[i] > 0) {
        return (i + 1 - end) * STEP_MILLIS / 1000.0;
      }
    }
    return 0;
  }
}
