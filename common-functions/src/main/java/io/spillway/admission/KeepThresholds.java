package io.spillway.admission;

import io.spillway.priority.Priority;

/**
 * Keep probabilities as thresholds on a uniform hash: keeps an event of priority i if {@code hash <
 * p[i] * 2^63}, and all of them if p is 1. One array read and one comparison per event, no
 * allocation. Not thread safe: one per operator.
 */
public final class KeepThresholds {
  private static final double SCALE = 0x1.0p63;

  private final double[] keep = new double[Priority.COUNT];

  /** The largest hash that is kept; -1 where none is. */
  private final long[] thresholds = new long[Priority.COUNT];

  /** Thresholds that keep everything. */
  public KeepThresholds() {
    for (Priority priority : Priority.values()) {
      set(priority, 1.0);
    }
  }

  /** Sets the keep probability of a priority; values outside 0..1 are cut off. */
  public void set(Priority priority, double probability) {
    double p = Math.max(0.0, Math.min(1.0, probability));
    keep[priority.ordinal()] = p;
    thresholds[priority.ordinal()] = p == 1 ? Long.MAX_VALUE : (long) (p * SCALE) - 1;
  }

  public double probability(Priority priority) {
    return keep[priority.ordinal()];
  }

  /**
   * Whether an event of this priority is kept.
   *
   * @param hash uniform in {@code [0, Long.MAX_VALUE]}, see {@link EventHash}
   */
  public boolean keeps(Priority priority, long hash) {
    return hash <= thresholds[priority.ordinal()];
  }

  /** The same for an event that is kept with this probability and not that of its priority. */
  static boolean keeps(double probability, long hash) {
    return probability >= 1 || hash < (long) (probability * SCALE);
  }

  /** What a kept event stands for: the incoming weight divided by its keep probability. */
  public double weight(Priority priority, double incoming) {
    return incoming / keep[priority.ordinal()];
  }
}
