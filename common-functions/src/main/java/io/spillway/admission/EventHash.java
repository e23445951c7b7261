package io.spillway.admission;

import io.spillway.event.RawEvent;
import net.openhft.hashing.LongHashFunction;

/**
 * The number that decides whether an event survives a given keep probability: XXH3 (64 bit) over
 * its {@code ce_id}, or over partition and offset where it has none. A function of the event alone,
 * so that a second reading decides the same, and uniform, so that a share p of the events lies
 * below p. Allocates nothing; thread safe.
 *
 * <p>Two jobs in a row need different seeds, else the second sheds none of what the first let
 * through.
 *
 * <p>Where keys are sampled and not events ({@link SamplingUnit#KEY}) it is over the record key.
 */
public final class EventHash {
  private final LongHashFunction function;

  public EventHash(long seed) {
    this.function = LongHashFunction.xx3(seed);
  }

  /** A uniform number in {@code [0, Long.MAX_VALUE]}. */
  public long of(RawEvent event, byte[] id) {
    long hash =
        id == null || id.length == 0
            ? function.hashLong(((long) event.partition() << 48) ^ event.offset())
            : function.hashBytes(id);
    return hash >>> 1;
  }

  /** The same for all events of a record key; for an event without a key as {@link #of}. */
  public long ofKey(RawEvent event, byte[] id) {
    byte[] key = event.key();
    return key == null || key.length == 0 ? of(event, id) : function.hashBytes(key) >>> 1;
  }
}
