package io.spillway.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrichmentOptionsTest {
  private static EnrichmentOptions options(Map<String, String> texts) {
    return EnrichmentOptions.from(Settings.of(texts, EnrichmentOptions.OPTIONS));
  }

  @Test
  void theDefaultsCanWork() {
    EnrichmentOptions options = options(Map.of());
    assertThat(options.slowCall()).isLessThan(options.budget().dividedBy(options.attempts()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enrichment.budget | 0s | '0ms': write a duration from 1ms to 600s",
        "enrichment.budget | 1h | '3600000ms': write a duration from 1ms to 600s",
        "enrichment.attempts | 0 | '0': write a number from 1 to 20",
        "enrichment.attempts | 21 | '21': write a number from 1 to 20",
        "enrichment.backoff.base | 11min | '660000ms': write a duration from 0ms to 600s",
        "enrichment.backoff.cap | 19ms | '19ms': write a duration from 20ms to 600s",
        "enrichment.bulkhead | 0 | '0': write a number from 1 to 100000",
        "enrichment.breaker.window | 0 | '0': write a number from 1 to 10000",
        "enrichment.breaker.threshold | 0 | '0.0': write a share above 0, at most 1",
        "enrichment.breaker.threshold | NaN | 'NaN': write a share above 0, at most 1",
        "enrichment.breaker.open-for | 0s | '0ms': write a duration from 1ms to 3600s",
        "enrichment.breaker.trials | 0 | '0': write a number from 1 to 10000",
        "enrichment.breaker.slow-call | 0s | '0ms': write a duration from 1ms to 600s",
        "enrichment.breaker.warm-up | 2h | '7200000ms': write a duration from 0ms to 3600s",
        "enrichment.cache.size | -1 | '-1': write a number from 0 to 10000000",
        "enrichment.cache.max-staleness | 31d | '2678400000ms':"
            + " write a duration from 1ms to 2592000s",
      })
  void refusesWhatCannotWorkNamingKeyValueAndFix(String key, String value, String rest) {
    assertThatThrownBy(() -> options(Map.of(key, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(key + " = " + rest);
  }
}
