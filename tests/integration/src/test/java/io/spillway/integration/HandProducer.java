package io.spillway.integration;

import io.spillway.sandbox.cluster.LocalCluster;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Sends single records and waits for each, so that the order in the log is that of the calls. */
final class HandProducer<V> implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 8 << 20;

  private final KafkaProducer<byte[], V> producer;

  private HandProducer(LocalCluster cluster, Serializer<V> values) {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrapServers(),
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            MAX_REQUEST_BYTES,
            ProducerConfig.LINGER_MS_CONFIG,
            0);
    this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), values);
  }

  static HandProducer<byte[]> of(LocalCluster cluster) {
    return new HandProducer<>(cluster, new ByteArraySerializer());
  }

  static <V> HandProducer<V> of(LocalCluster cluster, Serializer<V> values) {
    return new HandProducer<>(cluster, values);
  }

  /** Sends a record; returns where it is. */
  RecordMetadata send(ProducerRecord<byte[], V> record) {
    try {
      return producer.send(record).get(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("Kafka did not take " + record.topic(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
