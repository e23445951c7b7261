package io.spillway.aggregation;

/** How windows lie in time. The value in configuration is the lower-case word. */
public enum WindowKind {
  /** One after the other, each of one length. */
  TUMBLING,
  /** Of one length, a new one at each slide, so that they overlap. */
  SLIDING,
  /** From the first event of a key to a gap without any. */
  SESSION
}
