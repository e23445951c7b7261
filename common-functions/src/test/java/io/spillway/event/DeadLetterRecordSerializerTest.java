package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterRecordSerializerTest {
  private final DeadLetterRecordSerializer serializer =
      new DeadLetterRecordSerializer("spillway.dead-letters");

  @Test
  void keepsTheRecordAndSaysWhereItCameFromAndWhy() {
    RawEvent event = SampleEvent.complete().header("ce_priority", "urgent").event();
    ProducerRecord<byte[], byte[]> record =
        serialize(new DeadLetter(event, DeadLetter.Reason.BAD_HEADER, "ce_priority 'ürgent'"));

    assertThat(record.topic()).isEqualTo("spillway.dead-letters");
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(record.key()).isSameAs(event.key());
    assertThat(record.value()).isSameAs(event.value());
    assertThat(header(record, "ce_priority")).isEqualTo("urgent");
    assertThat(header(record, "ce_id")).isEqualTo("a-1");
    assertThat(header(record, "spillway_reason")).isEqualTo("bad_header");
    assertThat(header(record, "spillway_detail")).isEqualTo("ce_priority 'ürgent'");
    assertThat(header(record, "spillway_topic")).isEqualTo("iot.events");
    assertThat(header(record, "spillway_partition")).isEqualTo("1");
    assertThat(header(record, "spillway_offset")).isEqualTo("42");
    assertThat(header(record, "spillway_timestamp"))
        .isEqualTo(Long.toString(SampleEvent.NOW.toEpochMilli()));
  }

  @Test
  void passesFiveMegabytesThroughUncopied() {
    byte[] value = new byte[5_000_000];
    RawEvent event = SampleEvent.bare().value(value).event();
    assertThat(serialize(new DeadLetter(event, DeadLetter.Reason.TOO_LARGE, "big")).value())
        .isSameAs(value);
  }

  @Test
  void passesATombstoneThrough() {
    RawEvent event = SampleEvent.bare().value((byte[]) null).event();
    assertThat(serialize(new DeadLetter(event, DeadLetter.Reason.EMPTY_VALUE, "none")).value())
        .isNull();
  }

  @Test
  void letsTheLastReasonOfALetterThatCameBackCount() {
    RawEvent event = SampleEvent.bare().header("spillway_reason", "late").event();
    ProducerRecord<byte[], byte[]> record =
        serialize(new DeadLetter(event, DeadLetter.Reason.BAD_TIME, "again"));
    assertThat(record.headers().headers("spillway_reason")).hasSize(2);
    assertThat(header(record, "spillway_reason")).isEqualTo("bad_time");
  }

  @Test
  void namesItsTopicToATransactionalSink() {
    assertThat(serializer.getKafkaDatasetFacet())
        .hasValueSatisfying(
            facet ->
                assertThat(facet.getTopicIdentifier().getTopics())
                    .containsExactly("spillway.dead-letters"));
  }

  @Test
  void needsATopic() {
    assertThatThrownBy(() -> new DeadLetterRecordSerializer(" "))
        .isInstanceOf(InvalidSettings.class);
  }

  private ProducerRecord<byte[], byte[]> serialize(DeadLetter letter) {
    return serializer.serialize(letter, null, 5L);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
