package io.spillway.event;

import io.spillway.config.InvalidSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A dead letter as a Kafka record: key, value and headers of the original, byte for byte, then text
 * headers that say where it came from and why it is here. A letter that was a dead letter before
 * has them twice; the last ones count. The record gets the time at which it is written, not the
 * original one, so that retention counts from there. The sink's {@code max.request.size} has to
 * admit the largest value of the input topic. Thread safe.
 */
public final class DeadLetterRecordSerializer
    implements KafkaRecordSerializationSchema<DeadLetter>, KafkaDatasetFacetProvider {
  public static final String REASON = "spillway_reason";
  public static final String DETAIL = "spillway_detail";
  public static final String TOPIC = "spillway_topic";
  public static final String PARTITION = "spillway_partition";
  public static final String OFFSET = "spillway_offset";

  /** The original Kafka timestamp, in milliseconds since the epoch. */
  public static final String TIMESTAMP = "spillway_timestamp";

  private static final long serialVersionUID = 1L;

  private final String topic;

  public DeadLetterRecordSerializer(String topic) {
    if (topic.isBlank()) {
      throw new InvalidSettings("dead letters need a topic: its name is empty");
    }
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      DeadLetter letter, KafkaSinkContext context, Long timestamp) {
    RawEvent event = letter.event();
    Headers headers = new RecordHeaders();
    EventHeaders original = event.headers();
    for (int i = 0; i < original.size(); i++) {
      headers.add(original.name(i), original.value(i));
    }
    headers.add(REASON, text(letter.reason().wireName()));
    headers.add(DETAIL, text(letter.detail()));
    headers.add(TOPIC, text(event.topic()));
    headers.add(PARTITION, text(Integer.toString(event.partition())));
    headers.add(OFFSET, text(Long.toString(event.offset())));
    headers.add(TIMESTAMP, text(Long.toString(event.timestampMillis())));
    return new ProducerRecord<>(topic, null, null, event.key(), event.value(), headers);
  }

  /** Names the topic to Flink's lineage, which a transactional sink with pooled names needs. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
