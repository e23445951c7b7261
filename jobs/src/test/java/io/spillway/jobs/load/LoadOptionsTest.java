package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadOptionsTest {
  /** The defaults with these settings. */
  static LoadOptions options(Map<String, String> settings) {
    return LoadOptions.from(Settings.of(settings, LoadOptions.OPTIONS));
  }

  @Test
  void theDefaultsAreALoadForTheIotJob() {
    LoadOptions options = options(Map.of());
    assertThat(options.topics()).containsExactly("iot.events");
    assertThat(options.schedule().events()).isEqualTo(160_000);
  }

  @ParameterizedTest
  @CsvSource({"iot,iot.events", "transactions,transactions.commands", "video,video.events"})
  void eventsGoWhereTheirJobReadsThemUnlessATopicIsSet(String events, String topic) {
    assertThat(options(Map.of("events", events)).topics()).containsExactly(topic);
    assertThat(options(Map.of("events", events, "topic", "mine")).topics()).containsExactly("mine");
  }

  @Test
  void aTopicPerPriorityIsNamedAfterIt() {
    assertThat(options(Map.of("topic", "a.b", "topic.mode", "per_priority")).topics())
        .containsExactly("a.b.critical", "a.b.high", "a.b.normal", "a.b.bulk");
  }

  @Test
  void everySettingIsDescribed() {
    assertThat(LoadOptions.OPTIONS)
        .allSatisfy(option -> assertThat(option.description()).isNotNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sources         | 0        | sources = '0': write a number from 1 to 100000",
        "sources         | many     | sources = 'many': not a number; write for example 1000",
        "hot.share       | 1.5      | hot.share = '1.5': write a number from 0 to 1",
        "hot.share       | NaN      | hot.share = 'NaN': write a number from 0 to 1",
        "noisy.factor    | 0        | noisy.factor = '0': write a number from 1 to 100000",
        "malformed.share | -0.1     | malformed.share = '-0.1': write a number from 0 to 1",
        "duplicates.share| 1        | duplicates.share = '1': write a number from 0 to 0.9",
        "events          | cars     | events = 'cars': write one of [iot, transactions, video]",
        "event.bytes     | 10       | event.bytes = '10': write a number from 128 to 16777216",
        "start.at        | -1       | start.at = '-1': write a number from 0",
        "parallelism     | 1001     | parallelism = '1001': write a number from 1 to 1000",
        "topic.mode      | two      | topic.mode = 'two': write one of [mixed, per_priority]",
        "topic           | ''       | topic = '': write the name of a topic",
        "profile         | 500      | profile = '500': '500' is no part of a profile",
        "mix             | bulk=99  | mix = 'bulk=99': the percentages add up to 99, not 100",
        "soruces         | 5        | unknown setting 'soruces': did you mean 'sources'?"
      })
  void namesTheSettingTheValueAndTheFix(String key, String value, String message) {
    assertThatThrownBy(() -> options(Map.of(key, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({"hot.share,0.5", "noisy.factor,5"})
  void oneSourceAloneCannotBeHotterThanOthers(String key, String value) {
    Map<String, String> settings = new HashMap<>(Map.of("sources", "1"));
    settings.put(key, value);
    assertThatThrownBy(() -> options(settings))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("%s = '%s': ", key, value)
        .hasMessageContaining("write sources=2 or more");
  }
}
