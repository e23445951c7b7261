package io.spillway.event;

import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A record as it was read from Kafka, payload untouched. Priority, expiry and weight are read from
 * the headers, so that an event can be turned away before anybody has paid for decoding it.
 * Immutable by convention (the arrays are not copied).
 *
 * @param timestampMillis the Kafka record timestamp
 * @param key may be null
 * @param value may be null (a tombstone)
 */
@TypeInfo(RawEventTypeInfoFactory.class)
public record RawEvent(
    String topic,
    int partition,
    long offset,
    long timestampMillis,
    byte[] key,
    byte[] value,
    EventHeaders headers) {

  private static final int FIXED_BYTES = 64;
  private static final int HEADER_BYTES = 5;

  /** The last header with this name, or null. */
  public byte[] header(String name) {
    return headers.last(name);
  }

  /** About how many bytes it takes on the network. */
  public int size() {
    int size = FIXED_BYTES + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    for (int i = 0; i < headers.size(); i++) {
      byte[] header = headers.value(i);
      size += HEADER_BYTES + (header == null ? 0 : header.length);
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawEvent that
        && topic.equals(that.topic)
        && partition == that.partition
        && offset == that.offset
        && timestampMillis == that.timestampMillis
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, partition, offset);
  }

  /** Its place and size; never the payload, which may be private or huge. */
  @Override
  public String toString() {
    return topic
        + "-"
        + partition
        + "@"
        + offset
        + (value == null ? "" : " " + value.length + " B");
  }
}
