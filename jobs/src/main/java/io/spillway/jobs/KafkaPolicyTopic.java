package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.policy.Policy;
import io.spillway.policy.PolicyInForce;
import io.spillway.policy.PolicyTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy topic in Kafka, read as far as it is committed. It has one partition: clients do not
 * agree on which partition a key belongs to, and policies of one job need one order.
 *
 * @param clients settings of Kafka's clients, with the brokers
 */
record KafkaPolicyTopic(Map<String, String> clients, String topic) implements PolicyTopic {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPolicyTopic.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int PATIENCE_POLLS = 20;

  /** A broker that is away is asked for less and less often, and complained of as rarely. */
  private static final String LONGEST_PAUSE_MILLIS = "10000";

  /** The topic that these settings name. */
  static KafkaPolicyTopic of(Settings settings) {
    return new KafkaPolicyTopic(
        KafkaTopics.clients(settings), settings.get(FlowOptions.POLICY_TOPIC));
  }

  /**
   * The policy that a job with these settings has to begin with: the one in force in its topic now.
   * A bad one is passed over, and becomes a dead letter of the running job.
   *
   * @throws InvalidSettings if the topic cannot be read
   */
  static Policy inForce(Settings settings) {
    FlowOptions options = FlowOptions.from(settings);
    if (!options.followsPolicies()) {
      return Policy.OWN;
    }
    PolicyInForce inForce = new PolicyInForce(options.policyJob(), AdmissionOptions.from(settings));
    try (PolicyTopic.Reader reader = of(settings).open(0)) {
      for (RawEvent record : reader.poll()) {
        inForce
            .take(record)
            .ifPresent(reason -> LOG.warn("{} is no policy for this job: {}", record, reason));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException(e);
    } catch (Exception e) {
      throw new InvalidSettings(
          FlowOptions.POLICY_TOPIC.key(),
          options.policyTopic(),
          "it cannot be read (%s); mend it, or write nothing to follow no policy"
              .formatted(e.getMessage()));
    }
    return inForce.policy();
  }

  @Override
  public Reader open(long offset) throws IOException {
    KafkaConsumer<byte[], byte[]> consumer = consumer();
    try {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, ANSWER_LIMIT);
      if (partitions == null || partitions.size() != 1) {
        throw new IOException(
            "it has %d partitions, which leave open what came after what; create it with one"
                .formatted(partitions == null ? 0 : partitions.size()));
      }
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seek(partition, offset);
      return new OnePartition(consumer, partition);
    } catch (IOException | RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_PAUSE_MILLIS);
    // Clients of one JVM that share an id complain about each other.
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, topic + "-" + UUID.randomUUID());
    properties.putAll(clients);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static final class OnePartition implements Reader {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private boolean caughtUp;

    OnePartition(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
      this.consumer = consumer;
      this.partition = partition;
    }

    @Override
    public List<RawEvent> poll() throws IOException {
      List<RawEvent> records = new ArrayList<>();
      if (caughtUp) {
        fetch(records);
        return records;
      }
      long end = consumer.endOffsets(List.of(partition), ANSWER_LIMIT).get(partition);
      int empty = 0;
      while (consumer.position(partition, ANSWER_LIMIT) < end) {
        empty = fetch(records) ? 0 : empty + 1;
        if (empty == PATIENCE_POLLS) {
          throw new IOException("nothing came for %d polls".formatted(PATIENCE_POLLS));
        }
      }
      caughtUp = true;
      return records;
    }

    private boolean fetch(List<RawEvent> records) {
      ConsumerRecords<byte[], byte[]> fetched = consumer.poll(POLL);
      fetched.forEach(record -> records.add(RawEventDeserializer.rawEvent(record)));
      return !fetched.isEmpty();
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
