package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.Overload;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.jobs.transactions.CommandEvents;
import io.spillway.jobs.transactions.CommandType;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "PAYMENT, CRITICAL",
    "REFUND, HIGH",
    "BALANCE_QUERY, NORMAL",
    "ANALYTICS, BULK",
  })
  void rankACommandByItsTypeUnlessItSaysOtherwise(CommandType type, Priority expected) {
    PriorityRules rules =
        PriorityRules.parse(TransactionOptions.from(settings(Map.of())).flow().priorityRules());
    EventAttributes event =
        EventAttributes.read(CommandEvents.event(0, "id", type, 0, "{}"), EventLimits.defaults());
    assertThat(rules.classify(event)).isEqualTo(expected);
  }

  @Test
  void haveEveryKeyOnceAndADescriptionForEach() {
    assertThat(TransactionOptions.OPTIONS).extracting(ConfigOption::key).doesNotHaveDuplicates();
    assertThat(TransactionOptions.OPTIONS)
        .allSatisfy(option -> assertThat(option.description()).isNotNull());
  }

  @Test
  void readTheirOwnTopicByPriorityAndWriteInTransactions() {
    Settings settings = settings(Map.of());
    assertThat(settings.get(KafkaOptions.INPUT_MODE).topics(settings.get(KafkaOptions.INPUT_TOPIC)))
        .containsExactly(
            "transactions.commands.critical",
            "transactions.commands.high",
            "transactions.commands.normal",
            "transactions.commands.bulk");
    assertThat(settings.get(KafkaOptions.DELIVERY)).isEqualTo(Delivery.EXACTLY_ONCE);
    assertThat(KafkaTopics.transactionalIdPrefix(settings)).isEqualTo("spillway-transactions");
  }

  @Test
  void neverShedPaymentsAndDeferRefundsAndAnalytics() {
    AdmissionOptions admission = AdmissionOptions.from(settings(Map.of()));
    assertThat(admission.neverTurnedAway()).containsExactly(Priority.CRITICAL);
    assertThat(admission.overload())
        .containsAllEntriesOf(
            Map.of(
                Priority.HIGH, Overload.DEFER,
                Priority.NORMAL, Overload.SHED,
                Priority.BULK, Overload.DEFER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dedupe.ttl                 | 30s      | dedupe.ttl = '30000ms': write a time of at least velocity.window
          velocity.window            | 100ms    | velocity.window = '100ms': write a time from 1s on
          velocity.max-count         | -1       | velocity.max-count = '-1': write a number from 0 on
          velocity.max-sum-minor     | -1       | velocity.max-sum-minor = '-1': write a number from 0 on
          account.credit-limit-minor | -1       | account.credit-limit-minor = '-1': write a number from 0 on
          account.credit-limit-minor | 12.50    | account.credit-limit-minor = '12.50': not a number; write for example 10000000
          risk.degraded-limit-minor  | -1       | risk.degraded-limit-minor = '-1': write a number from 0 on
          risk.decline-score         | 0        | risk.decline-score = '0.0': write a number above 0, at most 1
          risk.decline-score         | 80       | risk.decline-score = '80.0': write a number above 0, at most 1
          risk.decline-score         | NaN      | risk.decline-score = 'NaN': write a number above 0, at most 1
          decisions.topic            | ''       | decisions.topic = '': write the name of a topic, for example transactions.decisions
          accounts.topic             | ''       | accounts.topic = '': write the name of a topic, for example transactions.accounts
          kafka.delivery             | sometime | kafka.delivery = 'sometime': write one of [at-least-once, exactly-once]
          """)
  void refuseWhatCannotWorkInOneLine(String key, String value, String message) {
    assertThatThrownBy(
            () ->
                TransactionJob.build(
                    StreamExecutionEnvironment.getExecutionEnvironment(),
                    settings(Map.of(key, value)),
                    Policy.OWN))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }

  private static Settings settings(Map<String, String> texts) {
    return Settings.of(texts, TransactionOptions.OPTIONS);
  }
}
