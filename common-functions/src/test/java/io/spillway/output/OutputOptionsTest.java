package io.spillway.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputOptionsTest {
  private static final String URL = "https://alarms.example/events";

  @Test
  void haveNoSecondWayOutUnlessItIsAskedFor() {
    OutputOptions options = options(Map.of("webhook.url", URL));
    assertThat(options.url()).isEqualTo(URI.create(URL));
    assertThat(options.secondUrl()).isNull();
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({
    "webhook.url, ''",
    "webhook.url, alarms.example",
    "webhook.url, ftp://alarms.example",
    "webhook.url, 'https:// alarms'",
    "webhook.second-url, pager",
    "webhook.second-url, " + URL,
    "webhook.timeout, 1ms",
    "webhook.timeout, 1h",
    "webhook.in-flight, 0",
    "webhook.breaker.failures, 0",
    "webhook.breaker.failures, 1.5",
    "webhook.breaker.failures, NaN",
    "webhook.breaker.window, 0",
    "webhook.breaker.open, 0s",
    "webhook.backoff.longest, 0s"
  })
  void refuseWhatCannotWorkByKeyAndValue(String key, String value) {
    Map<String, String> settings = new HashMap<>(Map.of("webhook.url", URL));
    settings.put(key, value);
    assertThatThrownBy(() -> options(settings))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "5, 1600", "7, 5000", "1000, 5000"})
  void waitsAreDoubledUpToTheLongest(int failed, long millis) {
    assertThat(CircuitBrokenOutput.bound(failed, Duration.ofSeconds(5)))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "200, Taken",
    "204, Taken",
    "301, Failed",
    "400, Refused",
    "404, Refused",
    "408, Failed",
    "429, Failed",
    "500, Failed",
    "503, Failed"
  })
  void onlyWhatTheClientDidWrongIsRefusedForGood(int status, String answer) {
    assertThat(HttpTarget.answer(status).getClass().getSimpleName()).isEqualTo(answer);
  }

  private static OutputOptions options(Map<String, String> settings) {
    return OutputOptions.from(Settings.of(settings, OutputOptions.OPTIONS));
  }
}
