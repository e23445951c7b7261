package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.Receipt;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes receipts, without waiting for more to send them with. Thread safe. */
final class Output implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KafkaProducer<byte[], byte[]> kafka;
  private final String topic;
  private volatile Exception failure;

  Output(String bootstrapServers, String topic) {
    this.topic = topic;
    this.kafka =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.LINGER_MS_CONFIG,
                0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void write(Receipt receipt) {
    kafka.send(
        new ProducerRecord<>(topic, receipt.toJson()),
        (sent, error) -> failure = error == null ? failure : error);
  }

  @Override
  public void close() {
    kafka.close(LIMIT);
    if (failure != null) {
      throw SandboxException.failure("a program cannot write its receipts: " + failure, failure);
    }
  }
}
