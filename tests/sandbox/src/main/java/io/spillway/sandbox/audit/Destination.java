package io.spillway.sandbox.audit;

import io.spillway.admission.Outcome;
import java.util.Locale;

/** Where an event of the input went: exactly one of these for each. */
public enum Destination {
  /** A receipt says that it was processed. */
  DELIVERED,
  /** Deferred first, then processed by a replay. */
  REPLAYED,
  /**
   * Without receipts: the ledger looked at it and did not turn it away. That its result came out is
   * not proven.
   */
  ADMITTED,
  SHED,
  LANE_FULL,
  /** Still in Kafka, to be read again. */
  DEFERRED,
  EXPIRED,
  THROTTLED,
  DEAD_LETTER,
  /** Deferred, and deleted by Kafka before a replay came to it. */
  GONE,
  /** Beyond what the job has committed: it is not through yet, or will be read again. */
  WAITING,
  /** No topic says anything about it. */
  MISSING;

  /** Number of destinations, for arrays indexed by {@link #ordinal()}. */
  public static final int COUNT = 12;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /** Where an event went of which the ledger says this. */
  static Destination of(Outcome outcome) {
    return switch (outcome) {
      case ADMIT -> ADMITTED;
      case SHED -> SHED;
      case LANE_FULL -> LANE_FULL;
      case DEFERRED -> DEFERRED;
      case EXPIRED -> EXPIRED;
      case THROTTLED -> THROTTLED;
    };
  }
}
