package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowOptionsTest {
  @Test
  void areTenAndFiveSecondsUnlessSet() {
    assertThat(WindowOptions.from(Settings.of(Map.of(), WindowOptions.OPTIONS)))
        .isEqualTo(
            new WindowOptions(
                WindowKind.TUMBLING,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                5_000,
                Duration.ofSeconds(1)));
  }

  @Test
  void refuseAWindowWithoutLength() {
    assertThatThrownBy(() -> from("window.size", "0s"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("window.size = '0ms': write a time between 1ms and 365d, for example 10s");
  }

  @Test
  void refuseALatenessOfYears() {
    assertThatThrownBy(() -> from("window.lateness", "400d"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("window.lateness = '34560000000ms'");
  }

  @Test
  void refuseASlideThatTheSizeIsNoMultipleOf() {
    Map<String, String> settings = Map.of("window.kind", "sliding", "window.slide", "3s");
    assertThatThrownBy(() -> WindowOptions.from(Settings.of(settings, WindowOptions.OPTIONS)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(
            "window.slide = '3000ms': write a time that window.size (10000ms) is a multiple of");
  }

  @Test
  void refuseToHoldNoPartialAtAll() {
    assertThatThrownBy(() -> from("window.partials.max", "0"))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("window.partials.max = '0': write a number from 1 to 1000000");
  }

  private static WindowOptions from(String key, String value) {
    return WindowOptions.from(Settings.of(Map.of(key, value), WindowOptions.OPTIONS));
  }
}
