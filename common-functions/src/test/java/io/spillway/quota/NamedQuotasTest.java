package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedQuotasTest {
  @Test
  void whoeverIsNotNamedHasTheRateOfAllAndTheSameQuota() {
    NamedQuotas quotas = quotas(Map.of("rate", "2", "rates", "a=3; b=0", "burst", "5s"));
    assertThat(quotas.of("a")).isEqualTo(new Quota(3, 15));
    assertThat(quotas.of("b")).isEqualTo(Quota.NOTHING);
    assertThat(quotas.of("c")).isEqualTo(new Quota(2, 10)).isSameAs(quotas.of("d"));
  }

  @Test
  void withoutARateOfAllWhoeverIsNotNamedMaySendAnyNumber() {
    assertThat(quotas(Map.of("rates", "a=3")).of("c")).isNull();
  }

  private static NamedQuotas quotas(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("admission.quota.by", "source"));
    settings.forEach((key, value) -> all.put("admission.quota." + key, value));
    return new NamedQuotas(QuotaOptions.from(Settings.of(all, QuotaOptions.OPTIONS)));
  }
}
