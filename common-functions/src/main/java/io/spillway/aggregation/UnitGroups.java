package io.spillway.aggregation;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The events of a stratum that were kept in whole units, in {@value #COUNT} random groups of units:
 * the sum of weights and of weight times value of each. From how the groups differ follows the
 * variance of a total of units (random groups, see Wolter, Introduction to Variance Estimation,
 * chapter 2), with a bounded state however many units there are. A unit is in the same group
 * wherever it is met, so groups are merged in any order, also across strata.
 *
 * <p>Values are kept as differences from the first, as in {@link Moments}. Mutable, owned by one
 * thread.
 */
final class UnitGroups {
  /** Number of groups: {@link #used} has one bit for each. */
  static final int COUNT = Long.SIZE;

  private final double[] weights = new double[COUNT];
  private final double[] totals = new double[COUNT];
  private double origin;
  private long used;
  private long kept;

  void add(double value, double weight, long unit) {
    if (used == 0) {
      origin = value;
    }
    int group = (int) (unit % COUNT);
    used |= 1L << group;
    kept++;
    weights[group] += weight;
    totals[group] += weight * (value - origin);
  }

  void merge(UnitGroups other) {
    if (used == 0) {
      origin = other.origin;
    }
    used |= other.used;
    kept += other.kept;
    for (int group = 0; group < COUNT; group++) {
      weights[group] += other.weights[group];
      totals[group] += other.total(group, origin);
    }
  }

  /** Events kept. */
  long kept() {
    return kept;
  }

  /** One bit for each group that has a unit. */
  long used() {
    return used;
  }

  double weight(int group) {
    return weights[group];
  }

  /** Sum of weight times difference from the center. */
  double total(int group, double center) {
    return totals[group] + (origin - center) * weights[group];
  }

  /**
   * How many groups of the same weight would tell as much. For n units of the same weight 1/n +
   * 1/{@value #COUNT} is its inverse: what the center, estimated from them, and the groups cost.
   */
  double effectiveNumber() {
    double sum = 0;
    double squares = 0;
    for (double weight : weights) {
      sum += weight;
      squares += weight * weight;
    }
    return sum * sum / squares;
  }

  /**
   * About how many units lie in groups of which these are used: linear counting (Whang, Vander
   * Zanden and Taylor 1990). Standard error 3 at 30 units; 311 means "that many or more".
   */
  static double units(long used) {
    double free = Math.max(0.5, COUNT - Long.bitCount(used));
    return COUNT * Math.log(COUNT / free);
  }

  void write(DataOutputView target) throws IOException {
    target.writeLong(kept);
    target.writeLong(used);
    target.writeDouble(origin);
    for (int group = 0; group < COUNT; group++) {
      if ((used >>> group & 1) == 1) {
        target.writeDouble(weights[group]);
        target.writeDouble(totals[group]);
      }
    }
  }

  static UnitGroups read(DataInputView source) throws IOException {
    UnitGroups groups = new UnitGroups();
    groups.kept = source.readLong();
    groups.used = source.readLong();
    groups.origin = source.readDouble();
    for (int group = 0; group < COUNT; group++) {
      if ((groups.used >>> group & 1) == 1) {
        groups.weights[group] = source.readDouble();
        groups.totals[group] = source.readDouble();
      }
    }
    return groups;
  }
}
