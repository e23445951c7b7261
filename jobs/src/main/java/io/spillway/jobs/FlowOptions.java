package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.OwnDefaults;
import io.spillway.config.Settings;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.jobs.work.SimulatedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What every job can be told, whatever its stages do: which priority an event has, what it costs,
 * and the topics beside the results.
 *
 * @param workMicros simulated work per event, in microseconds
 * @param workSlowEvery length of the periods of the clock of which every other one is slow; zero
 *     for none
 * @param receiptsTopic empty for no receipts
 * @param onwardTopic empty for no events onward
 * @param deferredWatch how often deferred events are measured; zero for never
 * @param policyTopic empty to follow no policy
 * @param policyJob key of the policies that are for this job
 */
public record FlowOptions(
    String priorityRules,
    long workMicros,
    Duration workSlowEvery,
    String receiptsTopic,
    String onwardTopic,
    String ledgerTopic,
    Duration deferredWatch,
    String deadLettersTopic,
    String policyTopic,
    String policyJob) {

  /** Each job has its own default. */
  public static final ConfigOption<String> PRIORITY_RULES =
      ConfigOptions.key("priority.rules")
          .stringType()
          .defaultValue("")
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

  public static final ConfigOption<Duration> WORK_SLOW_EVERY =
      ConfigOptions.key("work.slow-every")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription(
              "For tests of a capacity that halves and comes back: divides the clock, from the epoch"
                  + " on, into periods of this length, in every second of which an event costs twice"
                  + " work.micros. 0s: none.");

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
              + " .max-age.* and .quota.* (rate, rates, burst) while the job runs; compacted, one"
              + " partition. Empty: none is followed.");

  /** Each job has its own default. */
  public static final ConfigOption<String> POLICY_JOB =
      topic("policy.job", "", "Key of the policies that are for this job.");

  private static final long MAX_WORK_MICROS = 60_000_000;
  private static final Duration SHORTEST_SLOW = Duration.ofSeconds(1);
  private static final Duration SHORTEST_WATCH = Duration.ofSeconds(1);

  public FlowOptions {
    if (workMicros < 0 || workMicros > MAX_WORK_MICROS) {
      throw new InvalidSettings(
          WORK_MICROS.key(), workMicros, "write a number from 0 to " + MAX_WORK_MICROS);
    }
    if (!workSlowEvery.isZero() && workSlowEvery.compareTo(SHORTEST_SLOW) < 0) {
      throw new InvalidSettings(
          WORK_SLOW_EVERY.key(), workSlowEvery.toMillis() + "ms", "write 0s, or a time from 1s on");
    }
    if (!deferredWatch.isZero() && deferredWatch.compareTo(SHORTEST_WATCH) < 0) {
      throw new InvalidSettings(
          DEFERRED_WATCH.key(), deferredWatch.toMillis() + "ms", "write 0s, or a time from 1s on");
    }
    required(LEDGER_TOPIC, ledgerTopic);
    required(DEAD_LETTERS_TOPIC, deadLettersTopic);
    if (policyJob.isBlank()) {
      throw new InvalidSettings(
          POLICY_JOB.key(), policyJob, "write the key of the job's policies, for example iot");
    }
  }

  public static FlowOptions from(Settings settings) {
    return new FlowOptions(
        settings.get(PRIORITY_RULES),
        settings.get(WORK_MICROS),
        settings.get(WORK_SLOW_EVERY),
        settings.get(RECEIPTS_TOPIC),
        onwardTopic(settings),
        settings.get(LEDGER_TOPIC),
        settings.get(DEFERRED_WATCH),
        settings.get(DEAD_LETTERS_TOPIC),
        settings.get(POLICY_TOPIC),
        settings.get(POLICY_JOB));
  }

  /**
   * Every setting of a job, in the order of the documentation.
   *
   * @param ofStages what the job's own stages can be told
   * @param ofResults where its results go
   * @param defaults what it has by default where other jobs have something else, by key
   */
  static List<ConfigOption<?>> around(
      Collection<ConfigOption<?>> ofStages,
      List<ConfigOption<?>> ofResults,
      Map<String, ?> defaults) {
    return OwnDefaults.of(
        Stream.of(
                KafkaOptions.OPTIONS,
                AdmissionOptions.OPTIONS,
                AdmissionTopics.OPTIONS,
                List.of(PRIORITY_RULES),
                EventTime.OPTIONS,
                EventLimits.OPTIONS,
                ofStages,
                List.of(WORK_MICROS, WORK_SLOW_EVERY),
                ofResults,
                List.of(
                    RECEIPTS_TOPIC,
                    ONWARD_TOPIC,
                    LEDGER_TOPIC,
                    DEFERRED_WATCH,
                    DEAD_LETTERS_TOPIC,
                    POLICY_TOPIC,
                    POLICY_JOB))
            .<ConfigOption<?>>flatMap(Collection::stream)
            .toList(),
        defaults);
  }

  /** Topics that have to exist before a job starts that has these for its results. */
  static List<ConfigOption<String>> topics(List<ConfigOption<String>> ofResults) {
    return Stream.of(
            List.of(KafkaOptions.INPUT_TOPIC),
            ofResults,
            List.of(RECEIPTS_TOPIC, ONWARD_TOPIC, LEDGER_TOPIC, DEAD_LETTERS_TOPIC, POLICY_TOPIC),
            AdmissionTopics.TOPICS)
        .flatMap(Collection::stream)
        .toList();
  }

  /** What an event costs. */
  SimulatedWork work() {
    return new SimulatedWork(workMicros, workSlowEvery);
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

  /** The setting of a topic. */
  static ConfigOption<String> topic(String key, String name, String description) {
    return ConfigOptions.key(key).stringType().defaultValue(name).withDescription(description);
  }

  /**
   * @throws InvalidSettings if a topic has no name that a job cannot do without
   */
  static void required(ConfigOption<String> option, String name) {
    if (name.isBlank()) {
      throw new InvalidSettings(
          option.key(), name, "write the name of a topic, for example " + option.defaultValue());
    }
  }

  private static String onwardTopic(Settings settings) {
    String topic = settings.get(ONWARD_TOPIC);
    if (!topic.isEmpty() && KafkaTopics.input(settings).contains(topic)) {
      throw new InvalidSettings(
          ONWARD_TOPIC.key(), topic, "the job would read its own output; write another topic");
    }
    return topic;
  }
}
