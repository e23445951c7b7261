package io.spillway.aggregation;

import io.spillway.admission.UnitHash;
import io.spillway.priority.Priority;

/** What a window wants to know of an event that was kept. */
public interface Measured {
  /** What is summed up; finite. */
  double value();

  /** How many events this one stands for: incoming sample rate divided by keep probability. */
  double weight();

  /** How many of them it stood for when it came in: {@code ce_sampledrate}. At least 1. */
  double sampledRate();

  Priority priority();

  /** What is counted as distinct, such as the sensor. */
  String distinctKey();

  /**
   * Whether admission, had it turned this event away, would have counted it under the same key: the
   * key in its headers is the one in its payload.
   */
  boolean attributed();

  /**
   * Which unit of the sample the event belongs to, see {@link UnitHash}: events of one unit were
   * kept together. Negative if it was drawn on its own.
   */
  default long unitHash() {
    return UnitHash.ALONE;
  }
}
