package io.spillway.sandbox.measure;

import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What the judge has to know of a produced event, from its headers; good enough for any record,
 * however broken. An event without a priority it can read is NORMAL; one without an intended send
 * time, or with one more than a day off, was meant to be sent when it was sent.
 *
 * @param id the bytes of the id, or null
 * @param source the bytes of the source, or null
 * @param sequence 0 where there is none
 */
public record Attributes(
    Priority priority, byte[] id, byte[] source, long sequence, long sentMillis) {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** What the headers of this record say. */
  public static Attributes of(ConsumerRecord<?, ?> record) {
    Priority priority = null;
    byte[] id = null;
    byte[] source = null;
    long sequence = 0;
    long sent = 0;
    for (Header header : record.headers()) {
      String name = header.key();
      if (name.equals(CloudEventHeaders.PRIORITY)) {
        priority = Priority.fromWireBytes(header.value());
      } else if (name.equals(CloudEventHeaders.ID)) {
        id = header.value();
      } else if (name.equals(CloudEventHeaders.SOURCE)) {
        source = header.value();
      } else if (name.equals(CloudEventHeaders.SEQUENCE)) {
        sequence = number(header.value());
      } else if (name.equals(CloudEventHeaders.INTENDED_SEND_TIME)) {
        sent = number(header.value());
      }
    }
    return new Attributes(
        priority == null ? Priority.NORMAL : priority,
        id,
        source,
        sequence,
        Math.abs(record.timestamp() - sent) < DAY_MILLIS ? sent : record.timestamp());
  }

  String sourceText() {
    return text(source);
  }

  /** These bytes in UTF-8; empty for null. */
  public static String text(byte[] utf8) {
    return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
  }

  /** A decimal number, or 0 for bytes that are not one. */
  private static long number(byte[] digits) {
    long number = 0;
    if (digits == null || digits.length > 18) {
      return 0;
    }
    for (byte digit : digits) {
      if (digit < '0' || digit > '9') {
        return 0;
      }
      number = 10 * number + digit - '0';
    }
    return number;
  }
}
