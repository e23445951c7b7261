package io.spillway.sandbox.measure;

import io.spillway.admission.Outcome;
import java.util.Locale;

/**
 * What became of one produced event, as seen from outside the job. The order is the order of proof:
 * a result that came out outweighs a ledger entry, which outweighs a dead letter.
 */
public enum Fate {
  DELIVERED,
  SHED,
  LANE_FULL,
  DEFERRED,
  EXPIRED,
  THROTTLED,
  DEAD_LETTER,
  /** No output topic says anything about it: it is still on its way, or it is lost. */
  UNACCOUNTED;

  /** Number of fates, for arrays indexed by {@link #ordinal()}. */
  public static final int COUNT = 8;

  private static final Fate[] OF_OUTCOME = ofOutcomes();

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /** True if admission turned it away, for whatever reason. */
  public boolean isRejection() {
    return ordinal() >= SHED.ordinal() && ordinal() <= THROTTLED.ordinal();
  }

  /** The fate of an event of which the ledger says this. */
  static Fate of(Outcome rejection) {
    return of(rejection.ordinal());
  }

  static Fate of(int outcomeOrdinal) {
    return OF_OUTCOME[outcomeOrdinal];
  }

  private static Fate[] ofOutcomes() {
    Fate[] fates = new Fate[Outcome.COUNT];
    for (Outcome outcome : Outcome.values()) {
      fates[outcome.ordinal()] =
          switch (outcome) {
            case ADMIT -> UNACCOUNTED;
            case SHED -> SHED;
            case LANE_FULL -> LANE_FULL;
            case DEFERRED -> DEFERRED;
            case EXPIRED -> EXPIRED;
            case THROTTLED -> THROTTLED;
          };
    }
    return fates;
  }
}
