package io.spillway.aggregation;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The 95 % interval of an estimated total. Student's t alone covers too little where values are
 * skewed (0.90 instead of 0.95 for a coefficient of variation of 2 and 100 values), because then
 * the estimate and its estimated variance are large together. Hall's transformation (P. Hall, On
 * the removal of skewness by transformation, J. R. Stat. Soc. B 54, 1992) takes the first term of
 * that error out in closed form. His formula is for independent values of one distribution; this is
 * the same for a Poisson sample with unequal probabilities, whose Edgeworth expansion has the two
 * cumulants below in place of the one skewness. For equal and small probabilities it is Hall's.
 *
 * <p>Pure, thread safe.
 */
final class SkewedInterval {
  private static final double UPPER_TAIL = 0.975;
  private static final double STRAIGHT = 1e-6;

  private SkewedInterval() {}

  /**
   * @param variance of the total, estimated; 0: it is exact
   * @param thirdCumulant of the total
   * @param covariance of the total and its estimated variance
   * @param freedom degrees of freedom of the variance
   */
  static Estimated of(
      double total, double variance, double thirdCumulant, double covariance, double freedom) {
    if (variance == 0) {
      return new Estimated(total, total, total);
    }
    if (!(variance < Double.POSITIVE_INFINITY && freedom > 0)) {
      return new Estimated(total, Double.NaN, Double.NaN);
    }
    double deviation = Math.sqrt(variance);
    double cubed = variance * deviation;
    double bend = (3 * covariance - thirdCumulant) / (6 * cubed);
    double shift = covariance / (2 * cubed) - bend;
    if (!Double.isFinite(bend + shift)) {
      bend = 0;
      shift = 0;
    }
    double t = TDistribution.of(freedom).inverseCumulativeProbability(UPPER_TAIL);
    return new Estimated(
        total,
        total - deviation * unbent(t, bend, shift),
        total - deviation * unbent(-t, bend, shift));
  }

  /** The studentized value whose transformed value is x. */
  private static double unbent(double x, double bend, double shift) {
    if (Math.abs(bend) < STRAIGHT) {
      return x - shift;
    }
    return (Math.cbrt(1 + 3 * bend * (x - shift)) - 1) / bend;
  }
}
