package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.jobs.iot.SensorEvents;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IotOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "alarm.fire, CRITICAL",
    "alarm, CRITICAL",
    "fault.sensor, HIGH",
    "telemetry, NORMAL",
    "debug.trace, BULK",
  })
  void rankAnEventByItsTypeUnlessItSaysOtherwise(String kind, Priority expected) {
    PriorityRules rules =
        PriorityRules.parse(
            Settings.of(Map.of(), IotOptions.OPTIONS).get(FlowOptions.PRIORITY_RULES));
    EventAttributes event =
        EventAttributes.read(SensorEvents.event(0, kind, 0, 1), EventLimits.defaults());
    assertThat(rules.classify(event)).isEqualTo(expected);
  }

  @Test
  void haveEveryKeyOnceAndADescriptionForEach() {
    assertThat(IotOptions.OPTIONS).extracting(ConfigOption::key).doesNotHaveDuplicates();
    assertThat(IotOptions.OPTIONS)
        .allSatisfy(option -> assertThat(option.description()).isNotNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          work.micros          | -1         | work.micros = '-1': write a number from 0 to 60000000
          work.slow-every      | 10ms       | work.slow-every = '10ms': write 0s, or a time from 1s on
          work.micros          | fast       | work.micros = 'fast': not a number; write for example 0
          alerts.topic         | ''         | alerts.topic = '': write the name of a topic, for example iot.alerts
          onward.topic         | iot.events | onward.topic = 'iot.events': the job would read its own output; write another topic
          window.size          | 10 parsecs | window.size = '10 parsecs': not a duration; write a number with its unit, such as 20ms, 5s or 1min
          lanes                | fast       | lanes = 'fast': write one of [merged, isolated, single]
          admision.enabled     | true       | unknown setting 'admision.enabled': did you mean 'admission.enabled'?
          """)
  void refuseWhatCannotWorkInOneLine(String key, String value, String message) {
    assertThatThrownBy(() -> build(Map.of(key, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }

  @Test
  void refuseFloorsThatAddUpToMoreThanAll() {
    assertThatThrownBy(
            () -> build(Map.of("admission.floor.high", "0.6", "admission.floor.bulk", "0.6")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("more than 1");
  }

  @Test
  void refuseARuleThatCannotBeRead() {
    assertThatThrownBy(() -> build(Map.of("priority.rules", "type=iot.* -> urgent")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("urgent");
  }

  private static void build(Map<String, String> texts) {
    IotIngestionJob.build(
        StreamExecutionEnvironment.getExecutionEnvironment(),
        Settings.of(texts, IotOptions.OPTIONS),
        Policy.OWN);
  }
}
