package io.spillway.aggregation;

import io.spillway.admission.UnitHash;
import io.spillway.priority.Priority;

/** A measured event for tests. Public and flat, so that Flink can send it. */
public record Event(
    String key,
    double value,
    double weight,
    double sampledRate,
    Priority priority,
    boolean attributed,
    long unitHash)
    implements Measured {

  /** An event that was drawn on its own. */
  public Event(
      String key,
      double value,
      double weight,
      double sampledRate,
      Priority priority,
      boolean attributed) {
    this(key, value, weight, sampledRate, priority, attributed, UnitHash.ALONE);
  }

  /** An event of priority NORMAL that was drawn with all others of its unit. */
  static Event ofUnit(long unit, double value, double weight) {
    return new Event("a", value, weight, 1, Priority.NORMAL, true, unit);
  }

  /** An attributed event of priority NORMAL. */
  public static Event of(double value, double weight) {
    return of("a", value, weight);
  }

  public static Event of(String key, double value, double weight) {
    return new Event(key, value, weight, 1, Priority.NORMAL, true);
  }

  @Override
  public String distinctKey() {
    return key;
  }
}
