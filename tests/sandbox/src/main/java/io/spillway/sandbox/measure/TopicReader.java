package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer of all committed records of some topics that belongs to no group, commits nothing and
 * fetches big batches, so that it takes little from the machine it measures. It outlives a broker
 * that is restarted. Not thread safe.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private TopicReader(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** A reader of everything in these topics. */
  public static TopicReader fromBeginning(String bootstrapServers, List<String> topics) {
    TopicReader reader = assigned(bootstrapServers, topics);
    reader.consumer.seekToBeginning(reader.consumer.assignment());
    return reader;
  }

  /** A reader of what comes into these topics from now on. */
  public static TopicReader fromNow(String bootstrapServers, List<String> topics) {
    TopicReader reader = assigned(bootstrapServers, topics);
    reader.consumer.seekToEnd(reader.consumer.assignment());
    reader.consumer.assignment().forEach(reader.consumer::position);
    return reader;
  }

  /**
   * Shows every record that is in a topic now to a visitor.
   *
   * @param limit how long to try
   */
  public static void readAll(
      String bootstrapServers,
      String topic,
      Duration limit,
      Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    try (TopicReader reader = fromBeginning(bootstrapServers, List.of(topic))) {
      Map<TopicPartition, Long> ends = reader.ends();
      long endNanos = System.nanoTime() + limit.toNanos();
      while (!reader.hasReached(ends)) {
        reader.poll(POLL).forEach(visitor);
        if (System.nanoTime() > endNanos) {
          throw SandboxException.failure(
              "topic %s cannot be read to its end within %d s".formatted(topic, limit.toSeconds()));
        }
      }
    }
  }

  /** Goes to the first records with this time or a later one; to the end where there is none. */
  public void goTo(long epochMillis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    consumer.assignment().forEach(partition -> times.put(partition, epochMillis));
    Map<TopicPartition, Long> ends = ends();
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, found) ->
                consumer.seek(partition, found == null ? ends.get(partition) : found.offset()));
  }

  /** The oldest record that each partition still has. */
  public Map<TopicPartition, Long> starts() {
    return consumer.beginningOffsets(consumer.assignment());
  }

  /** Where each partition is read next. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    consumer
        .assignment()
        .forEach(partition -> positions.put(partition, consumer.position(partition)));
    return positions;
  }

  public ConsumerRecords<byte[], byte[]> poll(Duration limit) {
    return consumer.poll(limit);
  }

  /** Where the topics end now. */
  public Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(consumer.assignment());
  }

  /** Whether everything before these ends has been read. */
  public boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static TopicReader assigned(String bootstrapServers, List<String> topics) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "20000");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "65536");
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "8388608");
    properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "1048576");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found == null || found.isEmpty()) {
        consumer.close();
        throw SandboxException.failure(
            "topic %s does not exist at %s".formatted(topic, bootstrapServers));
      }
      found.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
    }
    consumer.assign(partitions);
    return new TopicReader(consumer);
  }
}
