package io.spillway.jobs;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Results as Kafka records: a key, which may be null, and a value that the result makes of itself.
 * The time of a record is when it is written. Thread safe.
 *
 * @param topic where to write
 */
record JsonRecords<T>(String topic, Bytes<T> key, Bytes<T> value)
    implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {

  /** Some bytes of a result. */
  @FunctionalInterface
  interface Bytes<T> extends Serializable {
    byte[] of(T result);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T result, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(topic, key.of(result), value.of(result));
  }

  /** Names the topic to Flink's lineage. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
  }
}
