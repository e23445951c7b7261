package io.spillway.jobs;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Overload;
import io.spillway.config.InvalidSettings;
import io.spillway.config.OwnDefaults;
import io.spillway.config.Settings;
import io.spillway.event.EventLimits;
import io.spillway.event.EventTime;
import io.spillway.jobs.transactions.DecisionRule;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What only the transaction job can be told: how it decides, and where that goes. Amounts are in
 * minor units of the currency of the account.
 *
 * @param dedupeTtl how long an event id is remembered at least, in event time
 * @param velocityWindow length of the sliding window of payments
 * @param workMicros simulated work per command, in microseconds
 * @param receiptsTopic empty for no receipts
 * @param deferredWatch how often deferred commands are measured; zero for never
 * @param policyTopic empty to follow no policy
 */
public record TransactionOptions(
    String priorityRules,
    Duration dedupeTtl,
    Duration velocityWindow,
    DecisionRule rule,
    long workMicros,
    String decisionsTopic,
    String accountsTopic,
    String receiptsTopic,
    String ledgerTopic,
    Duration deferredWatch,
    String deadLettersTopic,
    String policyTopic,
    String policyJob) {

  private static final ConfigOption<Duration> DEDUPE_TTL =
      ConfigOptions.key("dedupe.ttl")
          .durationType()
          .defaultValue(Duration.ofDays(1))
          .withDescription(
              "How long the id of a command is remembered at least, in event time, and at most twice"
                  + " as long; a second command with the same source and id is left out.");

  private static final ConfigOption<Duration> VELOCITY_WINDOW =
      ConfigOptions.key("velocity.window")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "Length of the sliding window in which the payments of an account are counted, approved"
                  + " or not; it moves in steps of a tenth.");

  private static final ConfigOption<Long> VELOCITY_MAX_COUNT =
      ConfigOptions.key("velocity.max-count")
          .longType()
          .defaultValue(60L)
          .withDescription(
              "Payments of an account in that window, above which one is declined. 0: any number.");

  private static final ConfigOption<Long> VELOCITY_MAX_SUM =
      ConfigOptions.key("velocity.max-sum-minor")
          .longType()
          .defaultValue(0L)
          .withDescription("Their sum, above which one is declined. 0: any sum.");

  private static final ConfigOption<Long> CREDIT_LIMIT =
      ConfigOptions.key("account.credit-limit-minor")
          .longType()
          .defaultValue(10_000_000L)
          .withDescription("How far below zero a payment may bring the balance of an account.");

  private static final ConfigOption<Double> DECLINE_SCORE =
      ConfigOptions.key("risk.decline-score")
          .doubleType()
          .defaultValue(0.8)
          .withDescription("Risk score, above 0 to 1, from which on a command is declined.");

  private static final ConfigOption<Long> DEGRADED_LIMIT =
      ConfigOptions.key("risk.degraded-limit-minor")
          .longType()
          .defaultValue(5_000L)
          .withDescription(
              "Up to this amount a payment or refund is approved when the risk service gives no"
                  + " answer in time, marked as degraded; a larger one is left for review.");

  private static final ConfigOption<String> DECISIONS_TOPIC =
      topic("decisions.topic", "transactions.decisions", "Where decisions go, by account.");

  private static final ConfigOption<String> ACCOUNTS_TOPIC =
      topic(
          "accounts.topic",
          "transactions.accounts",
          "Where the balance of an account goes when it has changed; compacted, by account.");

  private static final Map<String, Object> OWN_DEFAULTS =
      Map.of(
          KafkaOptions.INPUT_TOPIC.key(),
          "transactions.commands",
          KafkaOptions.INPUT_MODE.key(),
          InputMode.PER_PRIORITY,
          KafkaOptions.GROUP_ID.key(),
          "spillway-transactions",
          KafkaOptions.DELIVERY.key(),
          Delivery.EXACTLY_ONCE,
          "admission.overload.high",
          Overload.DEFER,
          "admission.overload.bulk",
          Overload.DEFER,
          IotOptions.PRIORITY_RULES.key(),
          "type=transaction.payment -> critical; type=transaction.refund -> high;"
              + " type=transaction.analytics -> bulk",
          IotOptions.POLICY_JOB.key(),
          "transactions");

  /** Topics that have to exist before the job starts. */
  public static final List<ConfigOption<String>> TOPICS =
      Stream.concat(
              Stream.of(
                  KafkaOptions.INPUT_TOPIC,
                  DECISIONS_TOPIC,
                  ACCOUNTS_TOPIC,
                  IotOptions.RECEIPTS_TOPIC,
                  IotOptions.LEDGER_TOPIC,
                  IotOptions.DEAD_LETTERS_TOPIC,
                  IotOptions.POLICY_TOPIC),
              AdmissionTopics.OPTIONS.stream())
          .toList();

  /** Every setting of the job, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      OwnDefaults.of(
          Stream.of(
                  KafkaOptions.OPTIONS,
                  AdmissionOptions.OPTIONS,
                  AdmissionTopics.OPTIONS,
                  List.of(IotOptions.PRIORITY_RULES),
                  EventTime.OPTIONS,
                  EventLimits.OPTIONS,
                  List.of(
                      DEDUPE_TTL,
                      VELOCITY_WINDOW,
                      VELOCITY_MAX_COUNT,
                      VELOCITY_MAX_SUM,
                      CREDIT_LIMIT,
                      DECLINE_SCORE,
                      DEGRADED_LIMIT,
                      IotOptions.WORK_MICROS,
                      DECISIONS_TOPIC,
                      ACCOUNTS_TOPIC,
                      IotOptions.RECEIPTS_TOPIC,
                      IotOptions.LEDGER_TOPIC,
                      IotOptions.DEFERRED_WATCH,
                      IotOptions.DEAD_LETTERS_TOPIC,
                      IotOptions.POLICY_TOPIC,
                      IotOptions.POLICY_JOB))
              .<ConfigOption<?>>flatMap(Collection::stream)
              .toList(),
          OWN_DEFAULTS);

  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

  public TransactionOptions {
    if (velocityWindow.compareTo(SHORTEST_WINDOW) < 0) {
      throw new InvalidSettings(
          VELOCITY_WINDOW.key(), velocityWindow.toMillis() + "ms", "write a time from 1s on");
    }
    if (dedupeTtl.compareTo(velocityWindow) < 0) {
      throw new InvalidSettings(
          DEDUPE_TTL.key(),
          dedupeTtl.toMillis() + "ms",
          "write a time of at least " + VELOCITY_WINDOW.key());
    }
    notNegative(VELOCITY_MAX_COUNT, rule.velocityMaxCount());
    notNegative(VELOCITY_MAX_SUM, rule.velocityMaxSumMinor());
    notNegative(CREDIT_LIMIT, rule.creditLimitMinor());
    notNegative(DEGRADED_LIMIT, rule.degradedLimitMinor());
    if (!(rule.declineScore() > 0 && rule.declineScore() <= 1)) {
      throw new InvalidSettings(
          DECLINE_SCORE.key(), rule.declineScore(), "write a number above 0, at most 1");
    }
    required(DECISIONS_TOPIC, decisionsTopic);
    required(ACCOUNTS_TOPIC, accountsTopic);
  }

  public static TransactionOptions from(Settings settings) {
    return new TransactionOptions(
        settings.get(IotOptions.PRIORITY_RULES),
        settings.get(DEDUPE_TTL),
        settings.get(VELOCITY_WINDOW),
        new DecisionRule(
            settings.get(CREDIT_LIMIT),
            settings.get(VELOCITY_MAX_COUNT),
            settings.get(VELOCITY_MAX_SUM),
            settings.get(DECLINE_SCORE),
            settings.get(DEGRADED_LIMIT)),
        settings.get(IotOptions.WORK_MICROS),
        settings.get(DECISIONS_TOPIC),
        settings.get(ACCOUNTS_TOPIC),
        settings.get(IotOptions.RECEIPTS_TOPIC),
        settings.get(IotOptions.LEDGER_TOPIC),
        settings.get(IotOptions.DEFERRED_WATCH),
        settings.get(IotOptions.DEAD_LETTERS_TOPIC),
        settings.get(IotOptions.POLICY_TOPIC),
        settings.get(IotOptions.POLICY_JOB));
  }

  public boolean withReceipts() {
    return !receiptsTopic.isEmpty();
  }

  public boolean followsPolicies() {
    return !policyTopic.isEmpty();
  }

  private static void notNegative(ConfigOption<Long> option, long value) {
    if (value < 0) {
      throw new InvalidSettings(option.key(), value, "write a number from 0 on");
    }
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
