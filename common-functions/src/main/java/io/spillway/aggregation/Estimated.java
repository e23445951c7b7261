package io.spillway.aggregation;

/**
 * An estimate and the interval in which the true value lies 95 times in 100; an interval without
 * width means exact. NaN where nothing is known: everything of a window of which no event was kept,
 * the bounds where a single event speaks for others.
 */
public record Estimated(double value, double low, double high) {
  /** Nothing is known. */
  static final Estimated UNKNOWN = new Estimated(Double.NaN, Double.NaN, Double.NaN);

  Estimated dividedBy(double number) {
    return new Estimated(value / number, low / number, high / number);
  }
}
