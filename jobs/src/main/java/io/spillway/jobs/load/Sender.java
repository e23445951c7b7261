package io.spillway.jobs.load;

import io.spillway.event.CloudEventHeaders;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What all events of one source share.
 *
 * @param source the {@code ce_source} header
 * @param subject the {@code ce_subject} header
 * @param idPrefix start of the event ids; the sequence number follows
 */
record Sender(Header source, Header subject, byte[] idPrefix) {
  static Sender of(String source, String subject) {
    return new Sender(
        new RecordHeader(CloudEventHeaders.SOURCE, Payload.ascii(source)),
        new RecordHeader(CloudEventHeaders.SUBJECT, Payload.ascii(subject)),
        Payload.ascii(source + "-"));
  }
}
