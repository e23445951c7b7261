package io.spillway.jobs;

import static io.spillway.jobs.FlowOptions.required;
import static io.spillway.jobs.FlowOptions.topic;

import io.spillway.admission.Overload;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.enrichment.EnrichmentOptions;
import io.spillway.jobs.transactions.DecisionRule;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;

/**
 * What only the transaction job can be told: how it decides, and where that goes. Amounts are in
 * minor units of the currency of the account.
 *
 * @param dedupeTtl how long an event id is remembered at least, in event time
 * @param velocityWindow length of the sliding window of payments
 * @param riskAddress HOST:PORT of the risk service; empty where nobody is asked
 */
public record TransactionOptions(
    FlowOptions flow,
    Duration dedupeTtl,
    Duration velocityWindow,
    DecisionRule rule,
    String riskAddress,
    String decisionsTopic,
    String accountsTopic) {

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

  private static final ConfigOption<String> RISK_ADDRESS =
      ConfigOptions.key("risk.address")
          .stringType()
          .defaultValue("")
          .withDescription(
              "HOST:PORT of the gRPC service that is asked for the risk of each payment and refund,"
                  + " see enrichment.*. Empty: nobody is asked.");

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
          KafkaOptions.TRANSACTION_NAMES.key(),
          TransactionNamingStrategy.POOLING,
          "admission.overload.high",
          Overload.DEFER,
          "admission.overload.bulk",
          Overload.DEFER,
          FlowOptions.PRIORITY_RULES.key(),
          "type=transaction.payment -> critical; type=transaction.refund -> high;"
              + " type=transaction.analytics -> bulk",
          FlowOptions.POLICY_JOB.key(),
          "transactions");

  /** Topics that have to exist before the job starts. */
  public static final List<ConfigOption<String>> TOPICS =
      FlowOptions.topics(List.of(DECISIONS_TOPIC, ACCOUNTS_TOPIC));

  /** Every setting of the job, in the order of the documentation. */
  public static final List<ConfigOption<?>> OPTIONS =
      FlowOptions.around(
          Stream.of(
                  List.of(
                      DEDUPE_TTL,
                      VELOCITY_WINDOW,
                      VELOCITY_MAX_COUNT,
                      VELOCITY_MAX_SUM,
                      CREDIT_LIMIT,
                      RISK_ADDRESS,
                      DECLINE_SCORE,
                      DEGRADED_LIMIT),
                  EnrichmentOptions.OPTIONS)
              .<ConfigOption<?>>flatMap(Collection::stream)
              .toList(),
          List.of(DECISIONS_TOPIC, ACCOUNTS_TOPIC),
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
        FlowOptions.from(settings),
        settings.get(DEDUPE_TTL),
        settings.get(VELOCITY_WINDOW),
        new DecisionRule(
            settings.get(CREDIT_LIMIT),
            settings.get(VELOCITY_MAX_COUNT),
            settings.get(VELOCITY_MAX_SUM),
            settings.get(DECLINE_SCORE),
            settings.get(DEGRADED_LIMIT)),
        settings.get(RISK_ADDRESS),
        settings.get(DECISIONS_TOPIC),
        settings.get(ACCOUNTS_TOPIC));
  }

  /** Whether a service is asked for the risk of what moves money. */
  public boolean asksForRisk() {
    return !riskAddress.isEmpty();
  }

  private static void notNegative(ConfigOption<Long> option, long value) {
    if (value < 0) {
      throw new InvalidSettings(option.key(), value, "write a number from 0 on");
    }
  }
}
