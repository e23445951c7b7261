package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.junit.jupiter.api.Test;

class OwnDefaultsTest {
  private static final ConfigOption<String> TEXT =
      ConfigOptions.key("text").stringType().defaultValue("a").withDescription("A text.");
  private static final ConfigOption<TimeUnit> CHOICE =
      ConfigOptions.key("choice").enumType(TimeUnit.class).defaultValue(TimeUnit.DAYS);
  private static final ConfigOption<Boolean> SWITCH =
      ConfigOptions.key("switch").booleanType().defaultValue(true);
  private static final ConfigOption<Integer> INT =
      ConfigOptions.key("int").intType().defaultValue(1);
  private static final ConfigOption<Long> LONG =
      ConfigOptions.key("long").longType().defaultValue(1L);
  private static final ConfigOption<Double> DOUBLE =
      ConfigOptions.key("double").doubleType().defaultValue(1.0);
  private static final ConfigOption<Duration> TIME =
      ConfigOptions.key("time").durationType().defaultValue(Duration.ZERO);
  private static final List<ConfigOption<?>> ALL =
      List.of(TEXT, CHOICE, SWITCH, INT, LONG, DOUBLE, TIME);

  private static final Map<String, Object> OWN =
      Map.of(
          "text",
          "b",
          "choice",
          TimeUnit.HOURS,
          "switch",
          false,
          "int",
          2,
          "long",
          2L,
          "double",
          2.0,
          "time",
          Duration.ofSeconds(2));

  @Test
  void giveEveryTypeOfOptionItsOwnDefault() {
    Settings settings = Settings.of(Map.of(), OwnDefaults.of(ALL, OWN));
    assertThat(ALL)
        .allSatisfy(option -> assertThat(settings.get(option)).isEqualTo(OWN.get(option.key())));
  }

  @Test
  void leaveWhatIsSetAndWhatIsNotNamed() {
    Settings settings =
        Settings.of(
            Map.of("choice", "seconds"), OwnDefaults.of(ALL, Map.of("choice", TimeUnit.HOURS)));
    assertThat(settings.get(CHOICE)).isEqualTo(TimeUnit.SECONDS);
    assertThat(settings.get(TEXT)).isEqualTo("a");
  }

  @Test
  void keepOrderAndDescription() {
    List<ConfigOption<?>> options = OwnDefaults.of(ALL, OWN);
    assertThat(options)
        .extracting(ConfigOption::key)
        .containsExactlyElementsOf(ALL.stream().map(ConfigOption::key).toList());
    assertThat(options.get(0).description()).isEqualTo(TEXT.description());
  }

  @Test
  void refuseAKeyThatNoOptionHas() {
    assertThatThrownBy(() -> OwnDefaults.of(ALL, Map.of("txt", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no option has the key [txt]");
  }

  @Test
  void refuseAValueOfAnotherType() {
    assertThatThrownBy(() -> OwnDefaults.of(ALL, Map.of("int", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("default of int: 2 has another type");
  }
}
