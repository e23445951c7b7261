package io.spillway.jobs.load;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The ways in which a generated event can be malformed; they take turns. Each spoils one thing and
 * leaves id, source and sequence readable, so that the event can still be accounted for.
 */
enum Malformed {
  CUT_SHORT(Reason.BAD_PAYLOAD, null) {
    @Override
    byte[] value(byte[] wellFormed) {
      return Arrays.copyOf(wellFormed, wellFormed.length / 2);
    }
  },
  NO_VALUE(Reason.EMPTY_VALUE, null) {
    @Override
    byte[] value(byte[] wellFormed) {
      return null;
    }
  },
  UNKNOWN_PRIORITY(Reason.BAD_HEADER, header(CloudEventHeaders.PRIORITY, "urgent")),
  SAMPLED_RATE_ZERO(Reason.BAD_HEADER, header(CloudEventHeaders.SAMPLED_RATE, "0")),
  TYPE_NOT_UTF8(
      Reason.BAD_HEADER,
      new RecordHeader(CloudEventHeaders.TYPE, new byte[] {'i', 'o', 't', '.', (byte) 0xc3, '('})),
  UNREADABLE_TIME(Reason.BAD_TIME, header(CloudEventHeaders.TIME, "yesterday")),
  FAR_FUTURE(Reason.BAD_TIME, header(CloudEventHeaders.TIME, "2999-01-01T00:00:00.000Z"));

  private static final Malformed[] VALUES = values();

  private final Reason reason;
  private final Header header;

  Malformed(Reason reason, Header header) {
    this.reason = reason;
    this.header = header;
  }

  static Malformed of(long turn) {
    return VALUES[(int) (turn % VALUES.length)];
  }

  /** The reason that a job gives for setting the event aside. */
  Reason reason() {
    return reason;
  }

  /** The spoiled header, which stands in place of the one with its name; null if all are good. */
  Header header() {
    return header;
  }

  byte[] value(byte[] wellFormed) {
    return wellFormed;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
