package io.spillway.sql;

import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.flink.types.Row;

/**
 * Sums over weighted values, from which totals and means are estimated with their error. Every sum
 * is linear in its rows, so totals can be merged in any order, and rows can be taken out again, up
 * to rounding. Public fields, as Flink keeps it as a POJO. Not thread safe.
 *
 * <p>A row that stands for w events was kept with probability 1/w, independently of others (Poisson
 * sampling). The Horvitz-Thompson total is the sum of w x, its variance is estimated by the sum of
 * w (w - 1) x^2; the mean is the ratio of two totals, with the variance of its linearisation
 * (Sarndal, Swensson, Wretman: Model Assisted Survey Sampling, 1992, 2.8 and 5.5). The factor w - 1
 * is the finite-population correction, row by row: rows that stand for themselves add no error.
 *
 * <p>Bounds of 95 % are Student's t, with as many degrees of freedom as Kish's effective number of
 * rows less one. They assume that rows were kept independently of each other and of their values,
 * that their weights are what they were kept with, and that the values are not far from symmetric:
 * a skewed sum of few rows is covered less often than 95 times in 100. Below 30 rows {@code
 * reliable} is false; of a single row that stands for others the bounds are not known, so null.
 */
public final class WeightedTotals {
  static final String RESULT =
      "ROW<estimate DOUBLE, low DOUBLE, high DOUBLE, kept BIGINT, coverage DOUBLE, reliable BOOLEAN>";

  private static final double UPPER_TAIL = 0.975;
  private static final long ENOUGH = 30;
  private static final double ROUNDING = 1e-9;

  public long kept;
  public double weights;
  public double values;
  public double excess;
  public double excessValues;
  public double excessSquares;

  /**
   * Adds a row, or takes it out with a sign of -1. A row whose value or weight is not finite, or
   * whose weight is below 1, says nothing and is left out, as SQL leaves out NULL.
   */
  void add(Double value, Double weight, int sign) {
    if (value == null || weight == null || !Double.isFinite(value) || !isWeight(weight)) {
      return;
    }
    double more = weight * (weight - 1);
    kept += sign;
    weights += sign * weight;
    values += sign * weight * value;
    excess += sign * more;
    excessValues += sign * more * value;
    excessSquares += sign * more * value * value;
  }

  void merge(WeightedTotals other) {
    kept += other.kept;
    weights += other.weights;
    values += other.values;
    excess += other.excess;
    excessValues += other.excessValues;
    excessSquares += other.excessSquares;
  }

  /** The total of the values; null without rows, as in SQL. */
  Row total() {
    return kept <= 0 ? null : result(values, excessSquares);
  }

  /** The mean of the values; null without rows. */
  Row mean() {
    if (kept <= 0) {
      return null;
    }
    double mean = values / weights;
    double spread = excessSquares - 2 * mean * excessValues + mean * mean * excess;
    return result(mean, spread / (weights * weights));
  }

  private Row result(double estimate, double variance) {
    double coverage = Math.min(1.0, kept / weights);
    if (exact()) {
      return Row.of(estimate, estimate, estimate, kept, coverage, true);
    }
    double rows = effectiveRows();
    if (!(rows > 1 + ROUNDING)) {
      return Row.of(estimate, null, null, kept, coverage, false);
    }
    // Rounding can leave a little below 0 where all values are the same.
    double deviation = Math.sqrt(Math.max(0, variance) * rows / (rows - 1));
    double error = deviation * TDistribution.of(rows - 1).inverseCumulativeProbability(UPPER_TAIL);
    return Row.of(estimate, estimate - error, estimate + error, kept, coverage, kept >= ENOUGH);
  }

  /** How many rows of one weight would tell as much. */
  private double effectiveRows() {
    return weights * weights / (excess + weights);
  }

  private boolean exact() {
    return weights - kept < ROUNDING * kept;
  }

  private static boolean isWeight(double weight) {
    return weight >= 1 && weight < Double.POSITIVE_INFINITY;
  }
}
