package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.aggregation.WindowOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What only the IoT job can be told: its cost, its outputs, its priorities.
 *
 * @param workMicros simulated work per event, in microseconds
 * @param receiptsTopic empty for no receipts
 * @param onwardTopic empty for no events onward
 * @param deferredWatch how often deferred events are measured; zero for never
 * @param policyTopic empty to follow no policy
 * @param policyJob key of the policies that are for this job
 */
public record IotOptions(
    String priorityRules,
    long workMicros,
    String alertsTopic,
    Delivery alertsDelivery,
    String aggregatesTopic,
    String receiptsTopic,
    String onwardTopic,
    String ledgerTopic,
    Duration deferredWatch,
    String deadLettersTopic,
    String policyTopic,
    String policyJob) {

  public static final ConfigOption<String> PRIORITY_RULES =
      ConfigOptions.key("priority.rules")
          .stringType()
          .defaultValue(
              "type=iot.alarm* -> critical; type=iot.fault* -> high; type=iot.debug* -> bulk")
          .withDescription(
              "Priority of events without ce_priority, as CONDITION -> PRIORITY; ... where the"
                  + " first match counts. Conditions: type=PATTERN, source=PATTERN,"
                  + " header.NAME=PATTERN, severity>=N (also <=, =), or * for every event; a pattern"
                  + " has at most one *. Without a match: normal.");

  public static final ConfigOption<Long> WORK_MICROS =
      ConfigOptions.key("work.micros")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "Simulated cost of an event in microseconds: the task waits that long for each."
                  + " Capacity is then 1000000 / work.micros events per second and subtask."
                  + " 0: none.");

  public static final ConfigOption<String> ALERTS_TOPIC =
      topic("alerts.topic", "iot.alerts", "Where critical events go.");

  public static final ConfigOption<Delivery> ALERTS_DELIVERY =
      ConfigOptions.key("alerts.delivery")
          .enumType(Delivery.class)
          .defaultValue(Delivery.AT_LEAST_ONCE)
          .withDescription(
              "How alerts are written; exactly-once holds each of them back until the next"
                  + " checkpoint.");

  public static final ConfigOption<String> AGGREGATES_TOPIC =
      topic("aggregates.topic", "iot.aggregates", "Where the results of windows go.");

  public static final ConfigOption<String> RECEIPTS_TOPIC =
      topic(
          "receipts.topic",
          "",
          "Where a receipt goes for each event fully processed, to measure latency and loss from"
              + " outside. Empty: no receipts.");

  public static final ConfigOption<String> ONWARD_TOPIC =
      topic(
          "onward.topic",
          "",
          "Where admitted events go for a next job, as they came but with ce_sampledrate multiplied"
              + " by their weight, at least once; the next job needs another admission.seed. Empty:"
              + " nowhere.");

  public static final ConfigOption<String> LEDGER_TOPIC =
      topic("ledger.topic", "spillway.ledger", "Where the record of what was not admitted goes.");

  public static final ConfigOption<Duration> DEFERRED_WATCH =
      ConfigOptions.key("deferred.watch-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription(
              "How often the JobManager measures what is deferred and how long Kafka still keeps it,"
                  + " from the ledger and the retention of the input. 0s: never.");

  public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
      topic(
          "dead-letters.topic",
          "spillway.dead-letters",
          "Where records go that cannot be processed, as they were read, with the reason.");

  public static final ConfigOption<String> POLICY_TOPIC =
      topic(
          "policy.topic",
          "spillway.policy",
          "Where policies come from that change admission.overload.*, .floor.*, .ceiling.*,"
              + " .max-age.* and .quota.* (rate, rates, burst) while the job runs; compacted, one partition. Empty: none is followed.");

  public static final ConfigOption<String> POLICY_JOB =
      ConfigOptions.key("policy.job")
          .stringType()
          .defaultValue("iot")
          .withDescription("Key of the policies that are for this job.");

  /** Topics that have to exist before the job starts. */
  public static final List<ConfigOption<String>> TOPICS =
      Stream.concat(
              Stream.of(
                  KafkaOptions.INPUT_TOPIC,
                  ALERTS_TOPIC,
                  AGGREGATES_TOPIC,
                  RECEIPTS_TOPIC,
                  ONWARD_TOPIC,
                  LEDGER_TOPIC,
                  DEAD_LETTERS_TOPIC,
                  POLICY_TOPIC),
              AdmissionTopics.OPTIONS.stream())
          .toList();

  /** Every setting of the job, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      Stream.of(
              KafkaOptions.OPTIONS,
              AdmissionOptions.OPTIONS,
              AdmissionTopics.OPTIONS,
              List.of(PRIORITY_RULES),
              EventTime.OPTIONS,
              EventLimits.OPTIONS,
              WindowOptions.OPTIONS,
              List.of(
                  WORK_MICROS,
                  ALERTS_TOPIC,
                  ALERTS_DELIVERY,
                  AGGREGATES_TOPIC,
                  RECEIPTS_TOPIC,
                  ONWARD_TOPIC,
                  LEDGER_TOPIC,
                  DEFERRED_WATCH,
                  DEAD_LETTERS_TOPIC,
                  POLICY_TOPIC,
                  POLICY_JOB))
          .<ConfigOption<?>>flatMap(Collection::stream)
          .toList();

  private static final long MAX_WORK_MICROS = 60_000_000;
  private static final Duration SHORTEST_WATCH = Duration.ofSeconds(1);

  public IotOptions {
    if (workMicros < 0 || workMicros > MAX_WORK_MICROS) {
      throw new InvalidSettings(
          WORK_MICROS.key(), workMicros, "write a number from 0 to " + MAX_WORK_MICROS);
    }
    if (!deferredWatch.isZero() && deferredWatch.compareTo(SHORTEST_WATCH) < 0) {
      throw new InvalidSettings(
          DEFERRED_WATCH.key(), deferredWatch.toMillis() + "ms", "write 0s, or a time from 1s on");
    }
    required(ALERTS_TOPIC, alertsTopic);
    required(AGGREGATES_TOPIC, aggregatesTopic);
    required(LEDGER_TOPIC, ledgerTopic);
    required(DEAD_LETTERS_TOPIC, deadLettersTopic);
    if (policyJob.isBlank()) {
      throw new InvalidSettings(
          POLICY_JOB.key(), policyJob, "write the key of the job's policies, for example iot");
    }
  }

  public static IotOptions from(Settings settings) {
    return new IotOptions(
        settings.get(PRIORITY_RULES),
        settings.get(WORK_MICROS),
        settings.get(ALERTS_TOPIC),
        settings.get(ALERTS_DELIVERY),
        settings.get(AGGREGATES_TOPIC),
        settings.get(RECEIPTS_TOPIC),
        onwardTopic(settings),
        settings.get(LEDGER_TOPIC),
        settings.get(DEFERRED_WATCH),
        settings.get(DEAD_LETTERS_TOPIC),
        settings.get(POLICY_TOPIC),
        settings.get(POLICY_JOB));
  }

  public boolean withReceipts() {
    return !receiptsTopic.isEmpty();
  }

  public boolean withEventsOnward() {
    return !onwardTopic.isEmpty();
  }

  public boolean followsPolicies() {
    return !policyTopic.isEmpty();
  }

  private static String onwardTopic(Settings settings) {
    String topic = settings.get(ONWARD_TOPIC);
    String input = settings.get(KafkaOptions.INPUT_TOPIC);
    if (!topic.isEmpty() && settings.get(KafkaOptions.INPUT_MODE).topics(input).contains(topic)) {
      throw new InvalidSettings(
          ONWARD_TOPIC.key(), topic, "the job would read its own output; write another topic");
    }
    return topic;
  }

  private static ConfigOption<String> topic(String key, String name, String description) {
    return ConfigOptions.key(key).stringType().defaultValue(name).withDescription(description);
  }

  private static void required(ConfigOption<String> option, String name) {
    if (name.isBlank()) {
      throw new InvalidSettings(
          option.key(), name, "write the name of a topic, for example " + option.defaultValue());
    }
  }
}
