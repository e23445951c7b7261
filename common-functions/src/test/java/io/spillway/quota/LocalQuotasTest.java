package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalQuotasTest {
  private static final long SECOND = 1_000_000_000L;
  private long now = 7;

  @Test
  void eachSourceHasItsOwnQuota() {
    LocalQuotas quotas = quotas(Map.of("admission.quota.rate", "3"));
    assertThat(passed(quotas, "a", 10)).isEqualTo(3);
    assertThat(passed(quotas, "b", 2)).isEqualTo(2);
    now += SECOND;
    assertThat(passed(quotas, "a", 10)).isEqualTo(3);
  }

  @Test
  void aNamedSourceHasTheRateOfItsNameAndTheOthersAnyRate() {
    LocalQuotas quotas = quotas(Map.of("admission.quota.rates", "urn:x=1:y=2; b=0"));
    assertThat(passed(quotas, "urn:x=1:y", 10)).isEqualTo(2);
    assertThat(passed(quotas, "b", 10)).isZero();
    assertThat(quotas.retryAfterNanos(now, SECOND)).isEqualTo(SECOND);
    assertThat(passed(quotas, "c", 1000)).isEqualTo(1000);
    assertThat(quotas.size()).isEqualTo(2);
  }

  @Test
  void eventsWithoutANameShareAQuota() {
    LocalQuotas quotas = quotas(Map.of("admission.quota.rate", "3"));
    byte[] none = quotas.nameOf(event(EventHeaders.empty()), read(event(EventHeaders.empty())));
    assertThat(none).isEmpty();
    assertThat(quotas.admits(none, now)).isTrue();
  }

  @Test
  void newSourcesShareAQuotaWhereThereIsNoRoom() {
    LocalQuotas quotas =
        quotas(
            Map.of(
                "admission.quota.rate", "5",
                "admission.quota.rates", "known=9",
                "admission.quota.max-names", "2"));
    passed(quotas, "a", 10);
    passed(quotas, "b", 10);
    int ofAllMadeUp = 0;
    for (int i = 0; i < 100; i++) {
      ofAllMadeUp += passed(quotas, "made-up-" + i, 1);
    }
    assertThat(ofAllMadeUp).isEqualTo(5);
    assertThat(passed(quotas, "known", 20)).isEqualTo(9);
    assertThat(quotas.size()).isEqualTo(3);
  }

  @Test
  void aSourceThatHasSavedUpEverythingMakesRoom() {
    LocalQuotas quotas =
        quotas(Map.of("admission.quota.rate", "5", "admission.quota.max-names", "2"));
    passed(quotas, "a", 10);
    passed(quotas, "b", 10);
    now += SECOND;
    assertThat(passed(quotas, "c", 10)).isEqualTo(5);
    assertThat(passed(quotas, "d", 10)).isEqualTo(5);
    assertThat(quotas.size()).isEqualTo(2);
  }

  @Test
  void aChangedRateCountsAtOnceAndWhatWasUsedStaysUsed() {
    LocalQuotas quotas = quotas(Map.of("admission.quota.rate", "10"));
    passed(quotas, "a", 8);
    quotas.follow(options(Map.of("admission.quota.rate", "4")));
    assertThat(passed(quotas, "a", 10)).isEqualTo(2);
    now += SECOND;
    assertThat(passed(quotas, "a", 10)).isEqualTo(4);
    quotas.follow(options(Map.of()));
    assertThat(passed(quotas, "a", 100)).isEqualTo(100);
    assertThat(quotas.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"source, s", "tenant, t", "key, k"})
  void namesAreReadFromWhereTheOptionSays(String by, String name) {
    LocalQuotas quotas = quotas(Map.of("admission.quota.by", by));
    RawEvent event =
        event(EventHeaders.empty().with("ce_source", utf8("s")).with("ce_tenant", utf8("t")));
    assertThat(quotas.nameOf(event, read(event))).isEqualTo(utf8(name));
  }

  private int passed(LocalQuotas quotas, String name, int events) {
    int passed = 0;
    for (int i = 0; i < events; i++) {
      passed += quotas.admits(utf8(name), now) ? 1 : 0;
    }
    return passed;
  }

  private LocalQuotas quotas(Map<String, String> settings) {
    return new LocalQuotas(options(settings), now);
  }

  private static QuotaOptions options(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("admission.quota.by", "source"));
    all.putAll(settings);
    return QuotaOptions.from(Settings.of(all, QuotaOptions.OPTIONS));
  }

  private static EventAttributes read(RawEvent event) {
    return EventAttributes.read(event, EventLimits.defaults());
  }

  private static RawEvent event(EventHeaders headers) {
    return new RawEvent("iot.events", 0, 0, 0, utf8("k"), utf8("{}"), headers);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
