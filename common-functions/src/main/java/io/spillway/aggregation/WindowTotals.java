package io.spillway.aggregation;

/**
 * What a window keeps while it is open: totals of the values that arrived, each counted with its
 * weight (how many events it stands for). With weights of 1/p for events kept with probability p,
 * {@code count} and {@code sum} are the Horvitz-Thompson estimates of what would have arrived had
 * nothing been shed; with weights of 1 they are exact.
 *
 * <p>Immutable, so thread safe, and a monoid: {@link #EMPTY} is neutral, {@link #merge} is
 * commutative, and associative up to floating-point rounding. So partial totals can be made
 * anywhere, in any order. It is stored as a Flink POJO: a statistic added as another component
 * still reads the state of today's savepoints.
 *
 * @param kept number of values added
 * @param count sum of their weights
 * @param sum sum of weight times value
 * @param min smallest value; positive infinity where there is none
 * @param max largest value; negative infinity where there is none
 */
public record WindowTotals(long kept, double count, double sum, double min, double max) {
  public static final WindowTotals EMPTY =
      new WindowTotals(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /**
   * These totals with one more value.
   *
   * @throws IllegalArgumentException if the value is not finite or the weight is not a finite
   *     number of at least 1; whoever reads events keeps such values out
   */
  public WindowTotals add(double value, double weight) {
    if (!Double.isFinite(value) || !(weight >= 1 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "value %s with weight %s: the value must be finite, the weight finite and at least 1"
              .formatted(value, weight));
    }
    return merge(new WindowTotals(1, weight, weight * value, value, value));
  }

  public WindowTotals merge(WindowTotals other) {
    return new WindowTotals(
        kept + other.kept,
        count + other.count,
        sum + other.sum,
        Math.min(min, other.min),
        Math.max(max, other.max));
  }
}
