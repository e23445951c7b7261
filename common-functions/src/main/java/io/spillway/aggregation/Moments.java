package io.spillway.aggregation;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Power sums {@code S(j,k)} = sum of {@code weight^j * (value - origin)^k} for j = 1..3 and k =
 * 0..3: all that an estimate, its variance and its skewness need, in thirteen numbers.
 *
 * <p>The origin is the first value (shifted data, see Chan, Golub and LeVeque 1983): it lies among
 * the values, so the sums do not cancel the way sums about zero do, and adding costs no division.
 * Two sets of sums are merged by moving one to the origin of the other with the binomial formula,
 * which is exact but for rounding, in any order. Mutable, owned by one thread.
 */
final class Moments {
  private static final int POWERS = 4;
  private static final int SUMS = 3 * POWERS;

  private final double[] sums = new double[SUMS];
  private double origin;

  void add(double value, double weight) {
    if (sums[0] == 0) {
      origin = value;
    }
    double d = value - origin;
    double d2 = d * d;
    double d3 = d2 * d;
    double factor = weight;
    for (int at = 0; at < SUMS; at += POWERS) {
      sums[at] += factor;
      sums[at + 1] += factor * d;
      sums[at + 2] += factor * d2;
      sums[at + 3] += factor * d3;
      factor *= weight;
    }
  }

  void merge(Moments other) {
    if (other.sums[0] == 0) {
      return;
    }
    if (sums[0] == 0) {
      origin = other.origin;
      System.arraycopy(other.sums, 0, sums, 0, SUMS);
      return;
    }
    for (int j = 1; j <= 3; j++) {
      for (int k = 0; k < POWERS; k++) {
        sums[(j - 1) * POWERS + k] += other.about(origin, j, k);
      }
    }
  }

  /** Sum of weights. */
  double weight() {
    return sums[0];
  }

  /** Sum of weight times value. */
  double total() {
    return sums[1] + origin * sums[0];
  }

  /** Weighted mean. */
  double mean() {
    return origin + sums[1] / sums[0];
  }

  /** Kish's effective number: how many equally weighted values would tell as much. */
  double effectiveNumber() {
    return sums[0] * sums[0] / sums[POWERS];
  }

  /** Sum of {@code weight^j * (value - center)^k}, for j of 1 to 3 and k of 0 to 3. */
  double about(double center, int j, int k) {
    int at = (j - 1) * POWERS;
    double d = origin - center;
    return switch (k) {
      case 0 -> sums[at];
      case 1 -> sums[at + 1] + d * sums[at];
      case 2 -> sums[at + 2] + d * (2 * sums[at + 1] + d * sums[at]);
      case 3 -> sums[at + 3] + d * (3 * sums[at + 2] + d * (3 * sums[at + 1] + d * sums[at]));
      default -> throw new IllegalArgumentException("k = " + k);
    };
  }

  void write(DataOutputView target) throws IOException {
    target.writeDouble(origin);
    for (double sum : sums) {
      target.writeDouble(sum);
    }
  }

  void read(DataInputView source) throws IOException {
    origin = source.readDouble();
    for (int i = 0; i < SUMS; i++) {
      sums[i] = source.readDouble();
    }
  }
}
