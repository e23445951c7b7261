package io.spillway.jobs;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;

/** The settings that say which broker a job talks to and how it reads its input. */
public final class KafkaOptions {
  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap.servers")
          .stringType()
          .defaultValue("localhost:9092")
          .withDescription("Brokers to ask first: host:port, several with commas between.");

  public static final ConfigOption<String> GROUP_ID =
      ConfigOptions.key("kafka.group.id")
          .stringType()
          .defaultValue("spillway")
          .withDescription(
              "Consumer group under which read offsets are committed. A job without a savepoint"
                  + " starts there, else at the earliest record. A lane with a source of its own"
                  + " adds its name.");

  public static final ConfigOption<Map<String, String>> PROPERTIES =
      ConfigOptions.key("kafka.properties")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Anything else Kafka's clients understand, as key:value pairs with commas between;"
                  + " wins over what the job sets. No secrets: see kafka.properties-file.");

  public static final ConfigOption<String> PROPERTIES_FILE =
      ConfigOptions.key("kafka.properties-file")
          .stringType()
          .defaultValue("")
          .withDescription(
              "The same in a file, name=value one in a line, for TLS and login: the path from the"
                  + " root, the same for every process of Flink and for who submits the job. What"
                  + " begins with sasl. or ssl. never leaves it; each client reads it there. Empty:"
                  + " none.");

  public static final ConfigOption<String> INPUT_TOPIC =
      ConfigOptions.key("input.topic")
          .stringType()
          .defaultValue("iot.events")
          .withDescription(
              "Topic to read; with input.mode = per_priority the part before the dot.");

  public static final ConfigOption<InputMode> INPUT_MODE =
      ConfigOptions.key("input.mode")
          .enumType(InputMode.class)
          .defaultValue(InputMode.MIXED)
          .withDescription(
              "mixed: all priorities in one topic; per_priority: topics <input.topic>.critical,"
                  + " .high, .normal and .bulk, the most important read first.");

  public static final ConfigOption<Integer> INPUT_FLOOR =
      ConfigOptions.key("input.floor")
          .intType()
          .defaultValue(20)
          .withDescription(
              "With input.mode = per_priority: a lower priority is read at least once in this many"
                  + " records, whatever the higher ones bring.");

  public static final ConfigOption<Delivery> DELIVERY =
      ConfigOptions.key("kafka.delivery")
          .enumType(Delivery.class)
          .defaultValue(Delivery.AT_LEAST_ONCE)
          .withDescription(
              "How results, ledger, dead letters and events onward are written. at-least-once: visible at once,"
                  + " some of them twice after a failure. exactly-once: in transactions, visible"
                  + " with the next checkpoint.");

  public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
      ConfigOptions.key("kafka.transactional-id-prefix")
          .stringType()
          .defaultValue("")
          .withDescription(
              "With kafka.delivery = exactly-once: what the ids of the job's transactions begin"
                  + " with. No two jobs on the same brokers may have the same. Empty:"
                  + " kafka.group.id.");

  public static final ConfigOption<TransactionNamingStrategy> TRANSACTION_NAMES =
      ConfigOptions.key("kafka.transaction-names")
          .enumType(TransactionNamingStrategy.class)
          .defaultValue(TransactionNamingStrategy.INCREMENTING)
          .withDescription(
              "With kafka.delivery = exactly-once. incrementing: a new transaction name for each"
                  + " checkpoint; the broker remembers each of them for"
                  + " transactional.id.expiration.ms. pooling: a few names again and again; at each"
                  + " start a sink asks the brokers which of its transactions are open.");

  /** All of them, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      List.of(
          BOOTSTRAP_SERVERS,
          GROUP_ID,
          PROPERTIES,
          PROPERTIES_FILE,
          INPUT_TOPIC,
          INPUT_MODE,
          INPUT_FLOOR,
          DELIVERY,
          TRANSACTIONAL_ID_PREFIX,
          TRANSACTION_NAMES);

  private KafkaOptions() {}
}
