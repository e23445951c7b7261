package io.spillway.aggregation;

/**
 * The result of one window of one key, and how much of the truth it has seen. At coverage 1 nothing
 * was shed and every figure is exact; below it {@code count}, {@code sum} and the mean are
 * estimates from the events kept, and {@code min} and {@code max} are those of the events kept: the
 * true ones may lie outside.
 *
 * @param startMillis start of the window, inclusive, in milliseconds since the epoch
 * @param endMillis end of the window, exclusive
 * @param kept events that were processed
 * @param count events that happened: the sum of the weights of those kept
 * @param sum sum of the values of the events that happened
 */
public record WindowEstimate(
    long startMillis, long endMillis, long kept, double count, double sum, double min, double max) {

  static WindowEstimate of(long startMillis, long endMillis, WindowTotals totals) {
    return new WindowEstimate(
        startMillis,
        endMillis,
        totals.kept(),
        totals.count(),
        totals.sum(),
        totals.min(),
        totals.max());
  }

  /** Share of the events that were processed, above 0 and at most 1; 1 means exact. */
  public double coverage() {
    return Math.min(1.0, kept / count);
  }

  /** Weighted mean: the ratio of two estimates, so the error of the count cancels. */
  public double mean() {
    return sum / count;
  }
}
