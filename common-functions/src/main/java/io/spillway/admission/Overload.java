package io.spillway.admission;

/**
 * What becomes of the events of a priority that there is no room for. The value in configuration is
 * the lower-case word.
 */
public enum Overload {
  /** They are turned away for good. */
  SHED,
  /** They are left in Kafka, and read again when there is room. */
  DEFER,
  /** They are waited for: overload becomes backpressure. */
  BLOCK
}
