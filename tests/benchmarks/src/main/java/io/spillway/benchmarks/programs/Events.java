package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.Receipt;
import io.spillway.sandbox.measure.Attributes;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a program knows of an event before it works on it: its receipt, read from the headers. */
final class Events {
  private Events() {}

  static Receipt of(ConsumerRecord<byte[], byte[]> record) {
    Attributes event = Attributes.of(record);
    byte[] source = event.source();
    return new Receipt(
        record.topic(),
        record.partition(),
        record.offset(),
        source == null ? "" : new String(source, StandardCharsets.UTF_8),
        event.sequence(),
        event.priority(),
        event.sentMillis(),
        1);
  }
}
