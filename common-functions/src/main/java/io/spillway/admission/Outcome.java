package io.spillway.admission;

import java.util.Locale;

/** What admission says to one event. The name on the wire and in metrics is the lower-case word. */
public enum Outcome {
  ADMIT,
  /** The controller's keep probability turned it away. */
  SHED,
  /** The buffers of its lane were filled above the ceiling of its priority. */
  LANE_FULL,
  /** Left in Kafka to be read again when there is room. */
  DEFERRED,
  /** Its deadline or maximum age had passed. */
  EXPIRED,
  /** Its source was over its quota. */
  THROTTLED;

  /** Number of outcomes, for arrays indexed by {@link #ordinal()}. */
  public static final int COUNT = 6;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }
}
