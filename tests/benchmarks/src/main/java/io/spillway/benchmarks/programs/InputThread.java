package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.Receipt;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic from its beginning with a plain consumer and shows each event to somebody, on a
 * thread of its own. Tuned for little delay: a fetch is answered with the first byte, a poll hands
 * over few records at a time. Who is shown the events must not block, so that what is in Kafka
 * cannot grow old there and an important event is always seen. Thread safe.
 */
final class InputThread implements AutoCloseable {
  static final Map<String, Object> TUNED =
      Map.of(
          ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1,
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 16,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long STOP_MILLIS = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<Receipt> events;
  private final Thread thread = new Thread(this::read, "program-input");
  private volatile boolean stopped;
  private volatile RuntimeException failure;

  InputThread(String bootstrapServers, String topic, Consumer<Receipt> events) {
    this.events = events;
    Map<String, Object> settings = new TreeMap<>(TUNED);
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try (consumer) {
      while (!stopped) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          events.accept(Events.of(record));
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Stops reading; says so if reading had ended before. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw SandboxException.failure("a program cannot read its input: " + failure, failure);
    }
  }
}
