package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  /** A closed choice. */
  enum Shape {
    ROUND,
    NOT_ROUND
  }

  private static final ConfigOption<Duration> SIZE =
      ConfigOptions.key("window.size").durationType().defaultValue(Duration.ofSeconds(10));
  private static final ConfigOption<Shape> SHAPE =
      ConfigOptions.key("window.shape").enumType(Shape.class).defaultValue(Shape.ROUND);
  private static final ConfigOption<Boolean> ENABLED =
      ConfigOptions.key("admission.enabled").booleanType().defaultValue(true);
  private static final ConfigOption<Integer> COUNT =
      ConfigOptions.key("sources").intType().defaultValue(7);
  private static final ConfigOption<Double> SHARE =
      ConfigOptions.key("hot.share").doubleType().defaultValue(0.5);
  private static final ConfigOption<MemorySize> BYTES =
      ConfigOptions.key("event.max-bytes").memoryType().defaultValue(MemorySize.ofMebiBytes(1));
  private static final ConfigOption<String> RULES =
      ConfigOptions.key("priority.rules").stringType().defaultValue("");
  private static final List<ConfigOption<?>> OPTIONS =
      List.of(SIZE, SHAPE, ENABLED, COUNT, SHARE, BYTES, RULES);

  @Test
  void readsEveryKindOfValue() {
    Settings settings =
        fromArgs(
            "--set",
            "window.size=250ms",
            "--set",
            "window.shape=not_round",
            "--set",
            "admission.enabled=false",
            "--set",
            " sources = 12 ",
            "--set",
            "hot.share=0.25",
            "--set",
            "event.max-bytes=6mb");
    assertThat(settings.get(SIZE)).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.get(SHAPE)).isEqualTo(Shape.NOT_ROUND);
    assertThat(settings.get(ENABLED)).isFalse();
    assertThat(settings.get(COUNT)).isEqualTo(12);
    assertThat(settings.get(SHARE)).isEqualTo(0.25);
    assertThat(settings.get(BYTES)).isEqualTo(MemorySize.ofMebiBytes(6));
  }

  @Test
  void hasDefaultsForWhatIsNotSet() {
    Settings settings = fromArgs();
    assertThat(settings.get(SIZE)).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.get(RULES)).isEmpty();
  }

  @Test
  void keepsEverythingBehindTheFirstEqualsSign() {
    String rules = "type=a.* -> critical; severity>=17 -> high";
    assertThat(fromArgs("--set", "priority.rules=" + rules).get(RULES)).isEqualTo(rules);
  }

  @Test
  void letsTheLastOfTwoValuesCount() {
    assertThat(fromArgs("--set", "sources=1", "--set", "sources=2").get(COUNT)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "window.siez, window.size",
    "windows.size, window.size",
    "admision.enabled, admission.enabled",
    "hotshare, hot.share",
    "Sources, sources"
  })
  void namesTheNearestKnownKeyForAnUnknownOne(String unknown, String nearest) {
    assertThatThrownBy(() -> fromArgs("--set", unknown + "=1"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("unknown setting '%s': did you mean '%s'?".formatted(unknown, nearest));
  }

  @Test
  void saysSoWhereThereIsNothingToSet() {
    assertThatThrownBy(() -> Settings.of(Map.of("a", "1"), List.of()))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("unknown setting 'a': there are none here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "window.size | soon | not a duration; write a number with its unit, such as 20ms, 5s or 1min",
        "window.size | 5 parsecs | not a duration; write a number with its unit, such as 20ms, 5s or"
            + " 1min",
        "window.shape | square | write one of [round, not_round]",
        "admission.enabled | yes | write true or false",
        "sources | many | not a number; write for example 7",
        "sources | 99999999999 | not a number; write for example 7",
        "hot.share | half | not a number; write for example 0.5",
        "event.max-bytes | huge | not a size; write a number with its unit, such as 512kb or 1mb"
      })
  void saysWhatToWriteInsteadOfAValueItCannotRead(String key, String value, String fix) {
    assertThatThrownBy(() -> fromArgs("--set", key + "=" + value))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("%s = '%s': %s".formatted(key, value, fix));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sources", "=5", ""})
  void wantsAKeyAndAValue(String pair) {
    assertThatThrownBy(() -> fromArgs("--set", pair))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("argument '--set %s': write --set KEY=VALUE".formatted(pair));
  }

  @Test
  void refusesAnyOtherArgument() {
    assertThatThrownBy(() -> fromArgs("sources=1"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("argument 'sources=1': write --set KEY=VALUE, once for each setting");
    assertThatThrownBy(() -> fromArgs("--set"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("argument '--set'");
  }

  @Test
  void givesOnlyWhatWasDeclared() {
    ConfigOption<String> other = ConfigOptions.key("other").stringType().noDefaultValue();
    assertThatThrownBy(() -> fromArgs().get(other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other");
  }

  private static Settings fromArgs(String... args) {
    return Settings.fromArgs(args, OPTIONS);
  }
}
