package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.SamplingUnit;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.jobs.video.PlaybackEvents;
import io.spillway.jobs.video.PlaybackKind;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "START_FAILURE, CRITICAL",
    "REBUFFER, HIGH",
    "START, NORMAL",
    "HEARTBEAT, NORMAL",
    "DEBUG, BULK",
  })
  void rankAnEventByItsTypeUnlessItSaysOtherwise(PlaybackKind kind, Priority expected) {
    PriorityRules rules =
        PriorityRules.parse(VideoOptions.from(settings(Map.of())).flow().priorityRules());
    EventAttributes event =
        EventAttributes.read(PlaybackEvents.event(0, kind, 0, "u-1"), EventLimits.defaults());
    assertThat(rules.classify(event)).isEqualTo(expected);
  }

  @Test
  void haveEveryKeyOnceAndADescriptionForEach() {
    assertThat(VideoOptions.OPTIONS).extracting(ConfigOption::key).doesNotHaveDuplicates();
    assertThat(VideoOptions.OPTIONS)
        .allSatisfy(option -> assertThat(option.description()).isNotNull());
  }

  @Test
  void keepWholeViewersAndReadAndWriteTheirOwnTopics() {
    Settings settings = settings(Map.of());
    assertThat(AdmissionOptions.from(settings).samplingUnit()).isEqualTo(SamplingUnit.KEY);
    assertThat(settings.get(KafkaOptions.INPUT_TOPIC)).isEqualTo("video.events");
    assertThat(settings.get(KafkaOptions.GROUP_ID)).isEqualTo("spillway-video");
    VideoOptions options = VideoOptions.from(settings);
    assertThat(options.alertsTopic()).isEqualTo("video.alerts");
    assertThat(options.flow().policyJob()).isEqualTo("video");
    assertThat(options.withSessions()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          work.micros             | -1     | work.micros = '-1': write a number from 0 to 60000000
          deferred.watch-interval | 10ms   | deferred.watch-interval = '10ms': write 0s, or a time from 1s on
          session.longest         | 10s    | session.longest = '10000ms': write a time between window.gap (30000ms) and 1d
          session.longest         | 25h    | session.longest = '90000000ms': write a time between window.gap (30000ms) and 1d
          alerts.topic            | ''     | alerts.topic = '': write the name of a topic, for example video.alerts
          qoe.topic               | ''     | qoe.topic = '': write the name of a topic, for example video.qoe
          ledger.topic            | ''     | ledger.topic = '': write the name of a topic, for example spillway.ledger
          dead-letters.topic      | ''     | dead-letters.topic = '': write the name of a topic, for example spillway.dead-letters
          policy.job              | ''     | policy.job = '': write the key of the job's policies, for example iot
          admission.sampling-unit | event  | admission.sampling-unit = 'event': sessions would have holes that nobody sees; write key
          admission.floor.normal  | 0.1    | admission.floor.normal = '0.1': heartbeats would be kept where rebuffers are not; write 0, or never shed high
          window.size             | 0s     | window.size = '0ms': write a time between 1ms and 365d, for example 10s
          """)
  void refuseWhatCannotWorkInOneLine(String key, String value, String message) {
    assertThatThrownBy(() -> build(Map.of(key, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }

  @Test
  void refuseToKeepHeartbeatsForLongerThanRebuffers() {
    assertThatThrownBy(
            () ->
                build(
                    Map.of(
                        "lanes.express", "critical,normal",
                        "admission.never-shed", "critical,normal")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("write high, too");
    assertThatCode(
            () ->
                build(
                    Map.of(
                        "lanes.express", "critical,high",
                        "admission.never-shed", "critical,high",
                        "admission.floor.normal", "0.2")))
        .doesNotThrowAnyException();
  }

  @Test
  void takeAnySamplingUnitWhereNothingIsTurnedAway() {
    assertThatCode(
            () -> build(Map.of("admission.enabled", "false", "admission.sampling-unit", "event")))
        .doesNotThrowAnyException();
  }

  private static Settings settings(Map<String, String> texts) {
    return Settings.of(texts, VideoOptions.OPTIONS);
  }

  private static void build(Map<String, String> texts) {
    VideoQoeJob.build(
        StreamExecutionEnvironment.getExecutionEnvironment(), settings(texts), Policy.OWN);
  }
}
