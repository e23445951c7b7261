package io.spillway.aggregation;

/**
 * The short way from a sample to what it says where the sample is everything: each event was kept,
 * counts as one, and no other is known of. Nothing is estimated then, so there are no variances to
 * work out. It is what {@link Estimator} says of such a sample, to the last bit. Most windows of a
 * job that has room are such, and all of those that see one event.
 */
final class WholeWindow {
  private WholeWindow() {}

  /** Whether the short way may be taken. */
  static boolean is(WindowSample sample) {
    boolean some = false;
    for (Stratum stratum : sample.strata()) {
      if (stratum != null) {
        boolean missing = stratum.notAdmitted != 0 || stratum.keptEvents != stratum.kept;
        if (missing || stratum.kept == 0 || stratum.units != null) {
          return false;
        }
        some = true;
      }
    }
    return some && sample.knowsCount();
  }

  static WindowEstimate of(long startMillis, long endMillis, WindowSample sample) {
    long kept = sample.kept();
    double total = sample.keptSum();
    Estimated sum = new Estimated(total, total, total);
    return new WindowEstimate(
        startMillis,
        endMillis,
        kept,
        kept,
        kept,
        true,
        sum,
        sum.dividedBy(kept),
        sample.min(),
        sample.max(),
        kept == 1 ? single(sample.min()) : quantiles(sample),
        sample.distinctKeys(),
        total,
        "");
  }

  private static QuantileEstimates single(double value) {
    return new QuantileEstimates(value, value, value, 0);
  }

  private static QuantileEstimates quantiles(WindowSample sample) {
    Quantiles quantiles = new Quantiles();
    for (Stratum stratum : sample.strata()) {
      if (stratum != null) {
        quantiles.add(stratum, scale(stratum) * stratum.moments.weight() / stratum.kept);
      }
    }
    return quantiles.estimates(0);
  }

  /** Weights may be above 1 where nothing is missing: then they are what was expected, not seen. */
  private static double scale(Stratum stratum) {
    return stratum.kept / stratum.moments.weight();
  }
}
