package io.spillway.ledger;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A {@link LedgerEntry} as a Kafka record: key {@code topic-partition} of the input, so that what
 * was said of one input partition stays in order; value as in {@link LedgerJson}.
 */
public final class LedgerRecordSerializer
    implements KafkaRecordSerializationSchema<LedgerEntry>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  private final String topic;

  /**
   * @param topic the topic of the ledger
   */
  public LedgerRecordSerializer(String topic) {
    this.topic = Objects.requireNonNull(topic);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      LedgerEntry entry, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(
        topic, key(entry.topic(), entry.partition()), LedgerJson.write(entry));
  }

  /** Names the topic to Flink's lineage, and to the sink that lists its own transactions. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
  }

  /** The key of everything that is said about an input partition. */
  public static byte[] key(String inputTopic, int partition) {
    return (inputTopic + "-" + partition).getBytes(StandardCharsets.UTF_8);
  }
}
