package io.spillway.output;

import io.spillway.event.RawEvent;

/**
 * What became of one result.
 *
 * @param way who has it
 * @param tries requests it took
 * @param detail why nobody will have it; empty otherwise
 */
public record HandedOver(RawEvent event, Way way, int tries, String detail) {

  /** Ways out. */
  public enum Way {
    FIRST,
    SECOND,
    /** A target says that it will never take it: for the dead letters. */
    REFUSED;

    private final String wireName = name().toLowerCase(java.util.Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }
}
