package io.spillway.aggregation;

/**
 * The result of one window of one key, and how much of the truth it has seen. At coverage 1 nothing
 * was turned away and every figure is exact (but for the sketches, which say so). Below it, the
 * count is still exact where {@code countExact} says so; sum, mean and quantiles are estimates from
 * the events kept, and {@code min}, {@code max} and {@code distinctKeys} are those of the events
 * kept: the true ones may lie outside.
 *
 * @param startMillis start of the window, inclusive, in milliseconds since the epoch
 * @param endMillis end of the window, exclusive
 * @param kept events that were processed
 * @param units about how many units of the sample they were of: events if each was drawn on its
 *     own; keys if whole keys were kept, estimated with a standard error of 3 at 30, and not told
 *     apart above 300
 * @param count events that happened
 * @param countExact whether that is the known number. Else it is the sum of the weights of those
 *     kept, because events of this key do not show in their headers whose they are; or the sum of
 *     the sample rates that all of them came in with, kept or not, because a job before has shed
 * @param sum of the values of the events that happened
 * @param min NaN where no event was kept
 * @param max NaN where no event was kept
 * @param distinctKeys by HyperLogLog, standard error 1.6 %
 * @param keptSum of the values of the events kept alone, each as often as its sample rate says
 * @param sample {@link WindowSample#text} of what this was made from, so that corrections can be
 *     merged with it; empty where it is known that nothing was turned away
 */
public record WindowEstimate(
    long startMillis,
    long endMillis,
    long kept,
    double units,
    double count,
    boolean countExact,
    Estimated sum,
    Estimated mean,
    double min,
    double max,
    QuantileEstimates quantiles,
    double distinctKeys,
    double keptSum,
    String sample) {

  /** Below as many units of the sample an interval is not to be trusted. */
  private static final int FEW = 30;

  /** The estimate for a window with this sample; see {@link Estimator}. */
  public static WindowEstimate of(long startMillis, long endMillis, WindowSample sample) {
    return WholeWindow.is(sample)
        ? WholeWindow.of(startMillis, endMillis, sample)
        : estimated(startMillis, endMillis, sample);
  }

  /** The long way, right for every sample. */
  static WindowEstimate estimated(long startMillis, long endMillis, WindowSample sample) {
    Estimator estimator = Estimator.of(sample);
    boolean empty = estimator.kept() == 0;
    boolean whole = sample.knowsCount() && estimator.kept() == estimator.count();
    return new WindowEstimate(
        startMillis,
        endMillis,
        estimator.kept(),
        estimator.units(),
        estimator.count(),
        sample.knowsCount() && !estimator.sampledBefore(),
        estimator.sum(),
        estimator.mean(),
        empty ? Double.NaN : sample.min(),
        empty ? Double.NaN : sample.max(),
        estimator.quantiles(),
        sample.distinctKeys(),
        sample.keptSum(),
        whole ? "" : sample.text());
  }

  /** Share of the events that were processed, 0 to 1; 1 means exact. */
  public double coverage() {
    return Math.min(1.0, kept / count);
  }

  /**
   * Whether the intervals can be trusted: at least {@value #FEW} events were kept, of as many keys
   * if whole keys are kept, or all.
   */
  public boolean reliable() {
    return units >= FEW || coverage() == 1.0;
  }
}
