package io.spillway.benchmarks.truth;

import io.spillway.admission.UnitHash;
import io.spillway.aggregation.Measured;
import io.spillway.priority.Priority;

/** An event that survived in a simulated window: nothing but its value, its weight and its unit. */
record KeptEvent(double value, double weight, long unitHash) implements Measured {
  /** The priority of all events of such a window. */
  static final Priority PRIORITY = Priority.NORMAL;

  /** One that was drawn on its own. */
  static KeptEvent alone(double value, double weight) {
    return new KeptEvent(value, weight, UnitHash.ALONE);
  }

  @Override
  public double sampledRate() {
    return 1;
  }

  @Override
  public Priority priority() {
    return PRIORITY;
  }

  @Override
  public String distinctKey() {
    return "";
  }

  @Override
  public boolean attributed() {
    return true;
  }
}
