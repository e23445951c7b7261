package io.spillway.aggregation;

import io.spillway.priority.Priority;

/** A measured event for tests. Public and flat, so that Flink can send it. */
public record Event(
    String key,
    double value,
    double weight,
    double sampledRate,
    Priority priority,
    boolean attributed)
    implements Measured {

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
