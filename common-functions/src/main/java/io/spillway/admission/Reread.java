package io.spillway.admission;

import io.spillway.event.RawEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a replay found when it read a deferred event again: the event, or that some are gone.
 *
 * @param event null where events are gone
 * @param topic and the rest: which events are gone
 * @param gone offsets minus {@code from}, as a RoaringBitmap in its portable format
 */
public record Reread(RawEvent event, String topic, int partition, long from, byte[] gone) {
  private static final byte[] NONE = new byte[0];

  /** It is still there. */
  public static Reread of(RawEvent event) {
    return new Reread(event, event.topic(), event.partition(), event.offset(), NONE);
  }

  /** Kafka does not have these any more. */
  public static Reread gone(String topic, int partition, long from, RoaringBitmap offsets) {
    ByteBuffer bytes = ByteBuffer.allocate(offsets.serializedSizeInBytes());
    offsets.serialize(bytes);
    return new Reread(null, topic, partition, from, bytes.array());
  }

  /** Offsets that are gone, minus {@code from}. */
  public RoaringBitmap goneOffsets() {
    RoaringBitmap offsets = new RoaringBitmap();
    if (event == null) {
      try {
        offsets.deserialize(ByteBuffer.wrap(gone));
      } catch (IOException e) {
        throw new IllegalStateException("reading from memory", e);
      }
    }
    return offsets;
  }
}
