package io.spillway.sandbox.audit;

import io.spillway.ledger.LastWord.InputPartition;
import java.util.Locale;

/**
 * Something that must not be.
 *
 * @param offset in the input; -1 where it is the whole partition
 * @param source of the event; empty where it has none or there is no event
 * @param sequence 0 where it has none
 */
public record Problem(
    Kind kind, InputPartition partition, long offset, String source, long sequence, String detail) {

  /** What is wrong. */
  public enum Kind {
    /** An event of which no topic says anything. */
    MISSING,
    /** Told twice, where nothing may come twice. */
    DOUBLE,
    /** An output names an offset at which the input has nothing. */
    FORGED,
    /** A CRITICAL event that was processed and has no alert. */
    NO_ALERT,
    /** The ledger has seen another number of events than there are. */
    MISCOUNTED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  /** Such as {@code iot.events-3@1234}. */
  String place() {
    return offset < 0 ? partition.toString() : partition + "@" + offset;
  }
}
