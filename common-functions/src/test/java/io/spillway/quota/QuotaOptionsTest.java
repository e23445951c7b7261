package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaOptionsTest {
  private static final Map<String, String> EXACT =
      Map.of("admission.quota.by", "tenant", "admission.quota.exact", "true");

  @Test
  void nobodyHasAQuotaUnlessItIsAskedFor() {
    assertThat(options(Map.of()).local()).isFalse();
    assertThat(options(Map.of("admission.quota.by", "tenant")).local()).isTrue();
    assertThat(options(EXACT).local()).as("elsewhere").isFalse();
  }

  @Test
  void changesLeaveWhatTheyDoNotName() {
    QuotaOptions own =
        options(Map.of("admission.quota.rate", "7", "admission.quota.rates", "a=1; b=2"));
    Settings changes =
        Settings.of(Map.of("admission.quota.rates", "b=3"), QuotaOptions.POLICY_OPTIONS);
    assertThat(own.with(changes).rate()).isEqualTo(7);
    assertThat(own.with(changes).rates()).isEqualTo(Map.of("b", 3.0));
  }

  @Test
  void aPolicyReachesExactQuotasToo() {
    Settings changes =
        Settings.of(Map.of("admission.quota.rate", "3"), QuotaOptions.POLICY_OPTIONS);
    assertThat(options(EXACT).with(changes).rate()).isEqualTo(3);
    assertThat(options(EXACT).with(changes).exact()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admission.quota.rate | -1 | admission.quota.rate = '-1.0':"
            + " write events per second from 0 to 1000000000",
        "admission.quota.rate | NaN | admission.quota.rate = 'NaN':"
            + " write events per second from 0 to 1000000000",
        "admission.quota.rates | a=1;b | admission.quota.rates = 'b': write NAME=RATE",
        "admission.quota.rates | =1 | admission.quota.rates = '=1': write NAME=RATE",
        "admission.quota.rates | a=much | admission.quota.rates = 'a=much':"
            + " write events per second behind the =, for example 100",
        "admission.quota.rates | a=1;a=2 | admission.quota.rates = 'a':"
            + " named twice; leave one of them out",
        "admission.quota.rates | a=-2 | admission.quota.rates = '-2.0':"
            + " write events per second from 0 to 1000000000",
        "admission.quota.burst | 2d | admission.quota.burst = '172800s':"
            + " write a duration from 0s to 24h",
        "admission.quota.max-names | 0 | admission.quota.max-names = '0':"
            + " write a number from 1 to 1000000",
        "admission.quota.tenant-header | '' | admission.quota.tenant-header = '':"
            + " write the name of a header, for example ce_tenant",
        "admission.quota.exact | true | admission.quota.exact = 'true':"
            + " nobody has a quota; say who with admission.quota.by, or write false",
        "admission.quota.by | user | admission.quota.by = 'user':"
            + " write one of [off, source, tenant, key]",
      })
  void refusesWhatCannotWorkNamingKeyValueAndFix(String key, String value, String message) {
    assertThatThrownBy(() -> options(Map.of(key, value)))
        .isInstanceOf(InvalidSettings.class)
        .hasMessage(message);
  }

  private static QuotaOptions options(Map<String, String> settings) {
    return QuotaOptions.from(Settings.of(settings, QuotaOptions.OPTIONS));
  }
}
