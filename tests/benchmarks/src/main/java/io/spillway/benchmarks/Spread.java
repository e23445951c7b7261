package io.spillway.benchmarks;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** A figure over repetitions: the median, and between which values it lay. */
public record Spread(double median, double min, double max) {

  /**
   * The spread of these values, one for each repetition; the median of an even number is the mean
   * of the middle two. A value that could not be measured (NaN) makes all three NaN.
   */
  public static Spread of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no repetition, no figure");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (Double.isNaN(sorted[sorted.length - 1])) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** The spread of one figure of these rounds. */
  static <T> Spread of(Collection<T> rounds, ToDoubleFunction<T> figure) {
    return of(rounds.stream().map(figure::applyAsDouble).toList());
  }
}
