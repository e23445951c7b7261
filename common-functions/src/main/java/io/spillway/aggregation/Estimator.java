package io.spillway.aggregation;

import io.spillway.admission.Strata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * From the sample of a window to what it says of all its events.
 *
 * <p>Where the number of events is known, the sum is the post-stratified ratio estimator: in each
 * stratum of events that had the same chance, the weighted mean of those kept (Hajek 1971) times
 * the number that happened, and the strata added up; where nothing of a stratum is missing, or no
 * longer, it is the plain sum. The plain sum of weighted values (Horvitz and Thompson 1952) also
 * has no bias but pays for the chance in how many were kept: its error is sqrt(1 + 1/cv^2) times as
 * large, 10 times at a coefficient of variation cv of 0.1. A single weighted mean over all strata
 * would be biased by what no weight knows: the lane gate, which turns away by priority, and would
 * be dominated by the few events of a moment of a low probability. Strata with fewer than {@value
 * Pool#THIN} kept are taken together with a neighbour: of the same priority where there is one,
 * because whom to join must not depend on who happened to be kept.
 *
 * <p>The variance is that of a Poisson sample, each event kept with probability 1/w on its own: sum
 * of {@code w(w-1)(y-mean)^2}, the weights w scaled to the known number. The factor w-1 is the
 * finite-population correction, event by event; it is 0 at coverage 1. Degrees of freedom by
 * Satterthwaite over the strata. Interval: {@link SkewedInterval}.
 *
 * <p>Where events came in with a sample rate r above 1, a job before has shed, and the number is
 * itself an estimate: the sum of the rates of all that came in, kept or not. Its variance, the sum
 * of {@code r(r-1)} over them, times the square of the mean, is added to that of the sum; the
 * residuals above already carry both samplings in w, and the mean does not depend on the number.
 * The rates of those kept stand for the others.
 *
 * <p>Where whole units are kept ({@link io.spillway.admission.SamplingUnit#KEY}) events of a unit
 * came or went together, and their values are often alike: the variance of single events would be
 * too small by as much as a unit has events. There it is that of a Poisson sample of units, from
 * random groups of them ({@link UnitTotals}), with the effective number of groups less one as
 * degrees of freedom. A unit counts as one for the question whether a stratum is thin. Events drawn
 * on their own that are in the same stratum (the job was set to keys while the window was open)
 * have their share of the variance of single events.
 *
 * <p>Where the number is not known, count and sum are Horvitz-Thompson totals, with the variance of
 * those, and the mean is the ratio of the two.
 *
 * <p>Pure, for one thread.
 */
final class Estimator {
  private static final ToDoubleFunction<Pool> NONE = pool -> 0;
  private static final double HALF_WIDTH_AT_MEDIAN = 1.96 * 0.5;

  private final boolean knowsCount;
  private final List<Pool> pools;
  private final long kept;
  private final double count;

  private Estimator(boolean knowsCount, List<Pool> pools) {
    this.knowsCount = knowsCount;
    this.pools = pools;
    this.kept = pools.stream().mapToLong(pool -> pool.kept).sum();
    this.count = pools.stream().mapToDouble(Pool::events).sum();
  }

  static Estimator of(WindowSample sample) {
    Stratum[] strata = sample.strata();
    boolean knowsCount = sample.knowsCount();
    return new Estimator(
        knowsCount,
        knowsCount ? stratified(strata, sample.settledNotAdmitted()) : together(strata));
  }

  private static List<Pool> stratified(Stratum[] strata, double[] notAdmitted) {
    List<Pool> pools = new ArrayList<>();
    Pool thin = new Pool();
    for (int first = 0; first < strata.length; first += Strata.PER_PRIORITY) {
      int before = pools.size();
      for (int i = first; i < first + Strata.PER_PRIORITY; i++) {
        if (strata[i] != null && (strata[i].kept > 0 || notAdmitted[i] != 0)) {
          thin.add(strata[i], strata[i].keptEvents + notAdmitted[i], notAdmitted[i]);
          if (!thin.isThin()) {
            pools.add(thin);
            thin = new Pool();
          }
        }
      }
      if (pools.size() > before) {
        pools.get(pools.size() - 1).add(thin);
        thin = new Pool();
      }
    }
    if (pools.isEmpty()) {
      pools.add(thin);
    } else {
      pools.get(pools.size() - 1).add(thin);
    }
    return pools;
  }

  private static List<Pool> together(Stratum[] strata) {
    Pool all = new Pool();
    for (Stratum stratum : strata) {
      if (stratum != null) {
        all.add(stratum, stratum.moments.weight(), stratum.notAdmitted);
      }
    }
    return List.of(all);
  }

  long kept() {
    return kept;
  }

  /** Units of the sample: events drawn on their own, and about how many others. */
  double units() {
    long used = 0;
    long inUnits = 0;
    for (Pool pool : pools) {
      used |= pool.units == null ? 0 : pool.units.used();
      inUnits += pool.inUnits();
    }
    return kept - inUnits + Math.min(inUnits, UnitGroups.units(used));
  }

  double count() {
    return count;
  }

  /** Whether the events were a sample already when they came in. */
  boolean sampledBefore() {
    return pools.stream().anyMatch(Pool::isSampledBefore);
  }

  Estimated sum() {
    if (isUnknown()) {
      return Estimated.UNKNOWN;
    }
    return knowsCount ? residuals(Pool::mean, Pool::varianceBefore) : residuals(pool -> 0, NONE);
  }

  Estimated mean() {
    return isUnknown() ? Estimated.UNKNOWN : residuals(Pool::mean, NONE).dividedBy(count);
  }

  /** Nothing was kept, or it is a correction alone, which speaks for nothing yet. */
  private boolean isUnknown() {
    return kept == 0 || pools.stream().anyMatch(pool -> pool.events() <= 0);
  }

  /**
   * The total, with the variance of what is left of the values when these centers are known, and
   * more variance on top.
   */
  private Estimated residuals(ToDoubleFunction<Pool> center, ToDoubleFunction<Pool> more) {
    double total = 0;
    double variance = 0;
    double thirdCumulant = 0;
    double covariance = 0;
    UnitTotals units = new UnitTotals();
    for (Pool pool : pools) {
      boolean whole = pool.isExact() || knowsCount && pool.notAdmitted == 0;
      total += whole ? pool.keptTotal : pool.scale() * pool.moments.total();
      if (!pool.isExact()) {
        double c = center.applyAsDouble(pool);
        double alone = pool.aloneShare();
        variance += more.applyAsDouble(pool);
        if (alone > 0) {
          variance += alone * pool.variance(c);
          thirdCumulant += alone * pool.thirdCumulant(c);
          covariance += alone * pool.covariance(c);
        }
        if (pool.units != null) {
          units.add(pool.unitTotals(c), pool.unitsShed(), pool.units.effectiveNumber() - 1);
        }
      }
    }
    double ofUnits = units.variance();
    variance += ofUnits;
    thirdCumulant += units.thirdCumulant();
    covariance += units.covariance();
    double perFreedom = 0;
    for (Pool pool : pools) {
      if (!pool.isExact() && pool.aloneShare() > 0) {
        double share = pool.aloneShare() * pool.variance(center.applyAsDouble(pool)) / variance;
        perFreedom += share * share / (pool.moments.effectiveNumber() - 1);
      }
    }
    if (ofUnits > 0) {
      double share = ofUnits / variance;
      perFreedom += share * share / units.freedom();
    }
    return SkewedInterval.of(total, variance, thirdCumulant, covariance, 1 / perFreedom);
  }

  QuantileEstimates quantiles() {
    if (isUnknown()) {
      return new QuantileEstimates(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    Quantiles quantiles = new Quantiles();
    for (Pool pool : pools) {
      for (Stratum stratum : pool.strata) {
        if (stratum.kept > 0) {
          quantiles.add(stratum, pool.scale() * stratum.moments.weight() / stratum.kept);
        }
      }
    }
    return quantiles.estimates(HALF_WIDTH_AT_MEDIAN * Math.sqrt(samplingVarianceOfRank()) / count);
  }

  /**
   * Four times that of the number of events on one side of the median. Of a unit all events may lie
   * on one side, so for units it is the most that it can be, and never less than if events had been
   * drawn on their own.
   */
  private double samplingVarianceOfRank() {
    double alone = 0;
    double inUnits = 0;
    UnitTotals units = new UnitTotals();
    for (Pool pool : pools) {
      if (!pool.isExact()) {
        double share = pool.aloneShare();
        alone += share * pool.weightVariance();
        inUnits += (1 - share) * pool.weightVariance();
        if (pool.units != null) {
          units.add(pool.unitWeights(), pool.unitsShed(), UnitGroups.COUNT - 1);
        }
      }
    }
    return alone + Math.max(inUnits, units.variance());
  }
}
