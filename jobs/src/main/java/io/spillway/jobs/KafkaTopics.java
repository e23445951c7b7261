package io.spillway.jobs;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.RawEvent;
import io.spillway.event.RawEventDeserializer;
import io.spillway.priority.Priority;
import io.spillway.priority.PrioritySource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.PooledNamesSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The one place where Kafka sources and sinks are made, so that every job reads and writes with the
 * same guarantees: sources start at the group's committed offsets (else at the earliest record) and
 * read committed records only; sinks are at least once, visible at once and not per checkpoint, or
 * exactly once where that is asked for. Nothing here talks to a broker except {@link #check}.
 */
public final class KafkaTopics {
  /** Records up to this size pass, so that a rejected one of several MB fits a dead letter. */
  static final int MAX_REQUEST_BYTES = 8 << 20;

  /**
   * How long a record waits for others to be sent with. A critical result has waited for little
   * else: with ten milliseconds they were a third of its latency.
   */
  private static final int LINGER_MILLIS = 2;

  private KafkaTopics() {}

  /**
   * The input of a job.
   *
   * @param lane {@code all} for a source that every lane shares; a lane with a source of its own
   *     gives its name and reads the same topics in a group of its own
   */
  public static Source<RawEvent, ?, ?> source(Settings settings, String lane) {
    List<String> topics = input(settings);
    return switch (settings.get(KafkaOptions.INPUT_MODE)) {
      case MIXED -> kafkaSource(settings, lane, topics, "");
      case PER_PRIORITY -> prioritySource(settings, lane, topics);
    };
  }

  /** The topics that a job with these settings reads. */
  static List<String> input(Settings settings) {
    String name = settings.get(KafkaOptions.INPUT_TOPIC);
    return settings.get(KafkaOptions.INPUT_MODE).topics(name);
  }

  /** What a client of Kafka needs to find these brokers, for whoever makes one itself. */
  static Map<String, String> clients(Settings settings) {
    Map<String, String> clients = KafkaClientProperties.of(settings);
    clients.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(KafkaOptions.BOOTSTRAP_SERVERS));
    return clients;
  }

  /**
   * A sink that has sent, by every checkpoint, all that came before it. Records leave within a few
   * milliseconds; more are sent together only where more are waiting.
   */
  public static <T> Sink<T> sink(Settings settings, KafkaRecordSerializationSchema<T> records) {
    return sink(settings, records, LINGER_MILLIS, 64 << 10, 32 << 20).build();
  }

  /**
   * A sink with this guarantee.
   *
   * @param name of the sink in its job: exactly once, its transactions are named after it
   */
  public static <T> Sink<T> sink(
      Settings settings,
      KafkaRecordSerializationSchema<T> records,
      Delivery delivery,
      String name) {
    KafkaSinkBuilder<T> builder = sink(settings, records, LINGER_MILLIS, 64 << 10, 32 << 20);
    TransactionNamingStrategy names = settings.get(KafkaOptions.TRANSACTION_NAMES);
    String prefix = transactionalIdPrefix(settings) + "-" + name;
    if (delivery == Delivery.EXACTLY_ONCE && names == TransactionNamingStrategy.POOLING) {
      return PooledNamesSink.of(builder, prefix, records);
    }
    return builder
        .setDeliveryGuarantee(delivery.guarantee())
        .setTransactionalIdPrefix(prefix)
        .setTransactionNamingStrategy(names)
        .build();
  }

  /** What the transactions of a job with these settings are named after. */
  public static String transactionalIdPrefix(Settings settings) {
    String prefix = settings.get(KafkaOptions.TRANSACTIONAL_ID_PREFIX);
    return prefix.isEmpty() ? settings.get(KafkaOptions.GROUP_ID) : prefix;
  }

  /**
   * The same for sending as much as one core can: larger batches, and more time and room for them.
   */
  public static <T> Sink<T> throughputSink(
      Settings settings, KafkaRecordSerializationSchema<T> records) {
    return sink(settings, records, 20, 256 << 10, 64 << 20).build();
  }

  private static <T> KafkaSinkBuilder<T> sink(
      Settings settings,
      KafkaRecordSerializationSchema<T> records,
      int lingerMillis,
      int batchBytes,
      long bufferBytes) {
    Properties properties = new Properties();
    properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
    properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, String.valueOf(lingerMillis));
    properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(batchBytes));
    properties.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(bufferBytes));
    properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.setProperty(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(MAX_REQUEST_BYTES));
    properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "120000");
    // The longest that a broker allows unless it is told otherwise: a job that is down for longer
    // loses what it had not committed.
    properties.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "900000");
    properties.putAll(KafkaClientProperties.of(settings));
    // No client.id: the connector gives the same one to every subtask, and the clients of one JVM
    // that share one complain about each other.
    return KafkaSink.<T>builder()
        .setBootstrapServers(settings.get(KafkaOptions.BOOTSTRAP_SERVERS))
        .setRecordSerializer(records)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setKafkaProducerConfig(properties);
  }

  /**
   * Asks the broker, before a job is submitted, whether it is there and has the topics that these
   * settings name; a setting that is empty names none.
   *
   * @throws InvalidSettings in one line, with the setting, its value and what to do
   */
  public static void check(Settings settings, List<ConfigOption<String>> topicSettings) {
    Map<String, List<String>> topics = new LinkedHashMap<>();
    for (ConfigOption<String> setting : topicSettings) {
      String name = settings.get(setting);
      InputMode mode =
          setting.key().equals(KafkaOptions.INPUT_TOPIC.key())
              ? settings.get(KafkaOptions.INPUT_MODE)
              : InputMode.MIXED;
      topics.put(setting.key(), name.isEmpty() ? List.of() : mode.topics(name));
    }
    check(settings, topics);
  }

  /** The same for topics whose names are put together elsewhere, by the setting they come from. */
  public static void check(Settings settings, Map<String, List<String>> topicsBySetting) {
    BrokerCheck.run(settings, topicsBySetting);
  }

  private static PrioritySource<RawEvent, KafkaPartitionSplit, ?> prioritySource(
      Settings settings, String lane, List<String> topics) {
    List<PrioritySource.Level<RawEvent, KafkaPartitionSplit>> levels =
        Stream.of(Priority.values())
            .map(
                priority ->
                    new PrioritySource.Level<>(
                        priority.wireName(),
                        kafkaSource(settings, lane, topics, "-" + priority.wireName())))
            .toList();
    return new PrioritySource<>(
        kafkaSource(settings, lane, topics, ""),
        levels,
        split -> levelOf(split.getTopic()),
        settings.get(KafkaOptions.INPUT_FLOOR));
  }

  /** The level of a topic by its ending; the lowest for one that a savepoint brought along. */
  static int levelOf(String topic) {
    return Priority.fromWireName(topic.substring(topic.lastIndexOf('.') + 1))
        .orElse(Priority.BULK)
        .ordinal();
  }

  private static KafkaSource<RawEvent> kafkaSource(
      Settings settings, String lane, List<String> topics, String reader) {
    String group = settings.get(KafkaOptions.GROUP_ID) + (lane.equals("all") ? "" : "-" + lane);
    Properties properties = new Properties();
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "60000");
    properties.putAll(KafkaClientProperties.of(settings));
    return KafkaSource.<RawEvent>builder()
        .setBootstrapServers(settings.get(KafkaOptions.BOOTSTRAP_SERVERS))
        .setGroupId(group)
        .setClientIdPrefix(group + reader)
        .setTopics(topics)
        .setStartingOffsets(committedElseEarliest())
        .setDeserializer(new RawEventDeserializer())
        .setProperties(properties)
        .build();
  }

  @SuppressWarnings("deprecation") // deprecated in Kafka's client, but what the connector takes
  private static OffsetsInitializer committedElseEarliest() {
    return OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
  }
}
