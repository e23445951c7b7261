package io.spillway.jobs.replay;

import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A result of a replay, ready for its topic. Results of all kinds go through one sink, so that they
 * are in one transaction: what was done, and that it was done.
 */
public record Written(String topic, byte[] key, byte[] value) {

  /** Writes each to its topic; names the topics to Flink's lineage. */
  public record Serializer(List<String> topics)
      implements KafkaRecordSerializationSchema<Written>, KafkaDatasetFacetProvider {

    public Serializer {
      topics = List.copyOf(topics);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        Written result, KafkaSinkContext context, Long timestamp) {
      return new ProducerRecord<>(result.topic(), result.key(), result.value());
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
      return Optional.of(
          new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(topics)));
    }
  }
}
