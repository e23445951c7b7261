package io.spillway.aggregation;

import java.util.ArrayList;
import java.util.List;

/** Strata that are estimated as one. For one thread. */
final class Pool {
  /** Kept events below which a stratum does not speak for itself. */
  static final int THIN = 5;

  final List<Stratum> strata = new ArrayList<>();
  final Moments moments = new Moments();
  UnitGroups units;
  long kept;
  private double keptEvents;
  double keptTotal;
  private double events;
  double notAdmitted;

  void add(Stratum stratum, double itsEvents, double itsNotAdmitted) {
    strata.add(stratum);
    moments.merge(stratum.moments);
    addUnits(stratum.units);
    kept += stratum.kept;
    keptEvents += stratum.keptEvents;
    keptTotal += stratum.keptTotal;
    events += itsEvents;
    notAdmitted += itsNotAdmitted;
  }

  void add(Pool other) {
    strata.addAll(other.strata);
    moments.merge(other.moments);
    addUnits(other.units);
    kept += other.kept;
    keptEvents += other.keptEvents;
    keptTotal += other.keptTotal;
    events += other.events;
    notAdmitted += other.notAdmitted;
  }

  private void addUnits(UnitGroups more) {
    if (more != null) {
      units = units == null ? new UnitGroups() : units;
      units.merge(more);
    }
  }

  /** Events kept that are in units. */
  long inUnits() {
    return units == null ? 0 : units.kept();
  }

  /** Share of the events kept that were drawn on their own. */
  double aloneShare() {
    return kept == 0 ? 1 : (double) (kept - inUnits()) / kept;
  }

  double events() {
    return events;
  }

  boolean isThin() {
    long speaking = units == null ? kept : kept - inUnits() + Long.bitCount(units.used());
    return speaking < THIN && notAdmitted > 0;
  }

  boolean isExact() {
    return kept == events;
  }

  boolean isSampledBefore() {
    return keptEvents > kept;
  }

  /**
   * Variance of the total from how many events there were, known only by their sample rates: the
   * squared mean times the sum of r(r-1), with r as large as it is for the mean event.
   */
  double varianceBefore() {
    double rate = keptEvents / moments.effectiveNumber();
    return isSampledBefore() ? mean() * mean() * events * (rate - 1) : 0;
  }

  /** What makes the weights add up to the number of events. */
  double scale() {
    return events / moments.weight();
  }

  double mean() {
    return moments.mean();
  }

  double variance(double center) {
    double g = scale();
    double n = moments.effectiveNumber();
    double spread = g * (g * moments.about(center, 2, 2) - moments.about(center, 1, 2));
    return Math.max(0, spread) * n / (n - 1);
  }

  double thirdCumulant(double center) {
    double g = scale();
    double s1 = moments.about(center, 1, 3);
    double s2 = moments.about(center, 2, 3);
    double s3 = moments.about(center, 3, 3);
    return g * (g * (g * s3 - 3 * s2) + 2 * s1);
  }

  double covariance(double center) {
    double g = scale();
    double s1 = moments.about(center, 1, 3);
    double s2 = moments.about(center, 2, 3);
    double s3 = moments.about(center, 3, 3);
    return g * (g * (g * s3 - 2 * s2) + s1);
  }

  double weightVariance() {
    double g = scale();
    return Math.max(0, g * (g * moments.about(0, 2, 0) - moments.about(0, 1, 0)));
  }

  /** By group; together with the center, which was estimated from them, worth one group less. */
  double[] unitTotals(double center) {
    double n = units.effectiveNumber();
    // A single group says nothing of how groups differ; rounding must not make that a number.
    double g = Long.bitCount(units.used()) > 1 ? scale() * Math.sqrt(n / (n - 1)) : Double.NaN;
    double[] groups = new double[UnitGroups.COUNT];
    for (int group = 0; group < groups.length; group++) {
      groups[group] = g * units.total(group, center);
    }
    return groups;
  }

  double[] unitWeights() {
    double g = scale() * Math.sqrt(UnitGroups.COUNT / (UnitGroups.COUNT - 1.0));
    double[] groups = new double[UnitGroups.COUNT];
    for (int group = 0; group < groups.length; group++) {
      groups[group] = g * units.weight(group);
    }
    return groups;
  }

  /**
   * Share of the units that were not kept: by their weights, or by the number of events where more
   * of them are missing than weights know of.
   */
  double unitsShed() {
    double mean = moments.about(0, 2, 0) / moments.about(0, 1, 0);
    return 1 - 1 / (mean * Math.max(1, scale()));
  }
}
