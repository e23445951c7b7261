package io.spillway.sandbox.measure;

/**
 * The law of the whole: produced = delivered + shed + expired + deferred + throttled + dead letters
 * + unaccounted, and the last one is 0 when nothing is lost.
 *
 * @param shed turned away by keep probability or by a full lane
 * @param laneFull the part of {@code shed} that a full lane turned away
 * @param duplicates results beyond the first of an event; part of no other number
 * @param unknown offsets that an output names and the input does not have
 */
public record Conservation(
    long produced,
    long delivered,
    long shed,
    long laneFull,
    long expired,
    long deferred,
    long throttled,
    long deadLetters,
    long unaccounted,
    long duplicates,
    long unknown) {

  /** Where all produced events of these accounts are. */
  public static Conservation of(Accounts accounts) {
    long laneFull = accounts.count(Fate.LANE_FULL);
    return new Conservation(
        accounts.produced(),
        accounts.count(Fate.DELIVERED),
        accounts.count(Fate.SHED) + laneFull,
        laneFull,
        accounts.count(Fate.EXPIRED),
        accounts.count(Fate.DEFERRED),
        accounts.count(Fate.THROTTLED),
        accounts.count(Fate.DEAD_LETTER),
        accounts.count(Fate.UNACCOUNTED),
        accounts.duplicates(),
        accounts.unknown());
  }

  /** Whether every event is accounted for and no output speaks of an event that never was. */
  public boolean holds() {
    return unaccounted == 0 && unknown == 0;
  }
}
