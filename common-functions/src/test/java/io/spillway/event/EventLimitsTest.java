package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventLimitsTest {

  @Test
  void comesFromSettings() {
    assertThat(from(Map.of())).isEqualTo(EventLimits.defaults());
    assertThat(from(Map.of("event.max-ahead", "5s", "event.max-bytes", "6mb")))
        .isEqualTo(new EventLimits(Duration.ofSeconds(5), 6 << 20));
  }

  @Test
  void refusesLimitsThatLetNothingThrough() {
    assertThatThrownBy(() -> from(Map.of("event.max-bytes", "0b")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage("event.max-bytes = '0': write a size of at least 1b");
    assertThatThrownBy(() -> new EventLimits(Duration.ofSeconds(-1), 1))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("event.max-ahead");
  }

  @Test
  void namesASizeThatIsNone() {
    assertThatThrownBy(() -> from(Map.of("event.max-bytes", "much")))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining("event.max-bytes = 'much': not a size");
  }

  private static EventLimits from(Map<String, String> texts) {
    return EventLimits.from(Settings.of(texts, EventLimits.OPTIONS));
  }
}
