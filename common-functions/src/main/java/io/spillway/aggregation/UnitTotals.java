package io.spillway.aggregation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * How uncertain a total is that was made of whole units, from totals of random groups of them
 * ({@link UnitGroups}), for strata with different chances.
 *
 * <p>A unit survives a chance p if its hash is below it, in every stratum it has events in. So two
 * weighted totals a and b of one unit, from strata with the chances p and q, add {@code ab(1 -
 * max(p,q))} to the variance: for p = q the {@code (1 - 1/w)(wy)^2} of a Poisson sample of units,
 * whose factor is the finite-population correction. Units in one group that have nothing to do with
 * each other add products whose mean is zero once the mean of the groups is taken off.
 *
 * <p>Not thread safe.
 */
final class UnitTotals {
  private record Part(double[] groups, double shed, double freedom) {}

  private final List<Part> parts = new ArrayList<>();

  /**
   * Adds a stratum.
   *
   * @param groups weighted totals
   * @param shed share of the units that was not kept, 0 to 1
   * @param freedom degrees of freedom that these groups have
   */
  void add(double[] groups, double shed, double freedom) {
    double mean = 0;
    for (double group : groups) {
      mean += group / groups.length;
    }
    double[] centered = new double[groups.length];
    for (int i = 0; i < groups.length; i++) {
      centered[i] = groups[i] - mean;
    }
    parts.add(new Part(centered, shed, freedom));
  }

  double variance() {
    return sum(2, shed -> shed);
  }

  /**
   * Degrees of freedom of the variance: the harmonic mean over the strata, by what each adds.
   * Strata share their units, so they do not add up.
   */
  double freedom() {
    double all = 0;
    double perFreedom = 0;
    for (Part part : parts) {
      double own = 0;
      for (double group : part.groups()) {
        own += part.shed() * group * group;
      }
      all += own;
      perFreedom += own / part.freedom();
    }
    return all / perFreedom;
  }

  double thirdCumulant() {
    return sum(3, shed -> shed * (2 * shed - 1));
  }

  /** Of the total and its variance. */
  double covariance() {
    return sum(3, shed -> shed * shed);
  }

  /**
   * The sum of products of {@code power} totals of one group, each times the factor of the smallest
   * share shed among them. From the smallest share up: what a stratum has in common with those
   * below it has been counted with theirs.
   */
  private double sum(int power, DoubleUnaryOperator factor) {
    parts.sort(Comparator.comparingDouble(Part::shed));
    double sum = 0;
    double counted = 0;
    for (int first = 0; first < parts.size(); first++) {
      double more = factor.applyAsDouble(parts.get(first).shed()) - counted;
      counted += more;
      for (int group = 0; group < UnitGroups.COUNT; group++) {
        double total = 0;
        for (Part part : parts.subList(first, parts.size())) {
          total += part.groups()[group];
        }
        sum += more * (power == 2 ? total * total : total * total * total);
      }
    }
    return sum;
  }
}
