package io.spillway.sandbox.policy;

import io.spillway.policy.Policy;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The records of the policy topic on a broker. */
public final class PolicyRecords {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final String topic;

  public PolicyRecords(String bootstrapServers, String topic) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
  }

  /** Adds every record that is there now. */
  public void readInto(PolicyLog log) {
    try (TopicReader reader = TopicReader.fromBeginning(bootstrapServers, List.of(topic))) {
      Map<TopicPartition, Long> ends = reader.ends();
      long endNanos = System.nanoTime() + LIMIT.toNanos();
      while (!reader.hasReached(ends)) {
        reader
            .poll(POLL)
            .forEach(
                record ->
                    log.add(record.offset(), record.timestamp(), record.key(), record.value()));
        if (System.nanoTime() > endNanos) {
          throw SandboxException.failure(
              "topic %s cannot be read to its end within %d s".formatted(topic, LIMIT.toSeconds()));
        }
      }
    }
  }

  /** Writes a policy, and returns when the broker has it. */
  public void write(String job, Policy policy) {
    Map<String, Object> properties =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            (int) LIMIT.toMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(topic, job.getBytes(StandardCharsets.UTF_8), policy.toJson()))
          .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw SandboxException.failure(
          "the policy could not be written to %s at %s: %s"
              .formatted(topic, bootstrapServers, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }
}
