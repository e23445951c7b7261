package io.spillway.admission;

import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;
import io.spillway.event.TimeSpans;
import java.io.Serializable;

/**
 * By what the events are counted that are not admitted.
 *
 * @param key reads the key of the job's windows from headers and record key
 * @param spans the times that the job's windows are made of
 * @param maxOpen counts held by one subtask of admission before they are sent on early
 */
public record RejectionCounting(KeyOf key, TimeSpans spans, int maxOpen) implements Serializable {
  /** The longest key that is held; an event with a longer one is counted without a key. */
  public static final int MAX_KEY_BYTES = 1024;

  /** Reads the key of an event from what is outside of its payload. */
  @FunctionalInterface
  public interface KeyOf extends Serializable {
    /** The bytes of the key, which must not change; null where the event does not show it. */
    byte[] of(RawEvent event, EventAttributes attributes);
  }
}
