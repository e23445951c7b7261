package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Whatever comes, local quotas are those of a map from names to buckets. */
class LocalQuotasModelTest {
  private static final int MAX_NAMES = 3;
  private static final long LIMIT = 60_000_000_000L;

  /** Rates that are followed one after the other: of everybody, and of some by name. */
  private static final List<Map<String, String>> RATES =
      List.of(
          Map.of("admission.quota.rate", "4"),
          Map.of("admission.quota.rate", "2", "admission.quota.rates", "name-0=8; name-5=0"),
          Map.of("admission.quota.rates", "name-1=1; name-2=16"),
          Map.of("admission.quota.rate", "8", "admission.quota.rates", "name-1=2"));

  /** Some events of one name after a pause, perhaps under other rates. */
  private record Step(int pauseMillis, int name, int events, int rates) {}

  @Property
  void areThoseOfAMap(@ForAll("steps") @Size(max = 120) List<Step> steps) {
    long now = 5;
    LocalQuotas quotas = new LocalQuotas(options(RATES.get(0)), now);
    Model model = new Model(options(RATES.get(0)), now);
    for (Step step : steps) {
      now += step.pauseMillis() * 1_000_000L;
      if (step.rates() < RATES.size()) {
        quotas.follow(options(RATES.get(step.rates())));
        model.follow(options(RATES.get(step.rates())));
      }
      String name = "name-" + step.name();
      for (int i = 0; i < step.events(); i++) {
        boolean passes = quotas.admits(name.getBytes(StandardCharsets.UTF_8), now);
        assertThat(passes).isEqualTo(model.admits(name, now));
        if (!passes) {
          assertThat(quotas.retryAfterNanos(now, LIMIT)).isEqualTo(model.retryAfterNanos(now));
          assertThat(quotas.lastRatePerSecond()).isEqualTo(model.last.quota.ratePerSecond());
        }
      }
      assertThat(quotas.size()).isEqualTo(model.limited.size());
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    // In eighths of a second, so that no sum of permits is rounded.
    Arbitrary<Integer> pause = Arbitraries.of(0, 0, 125, 250, 1000);
    return Combinators.combine(
            pause,
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(0, 5 * RATES.size()))
        .as(Step::new)
        .list();
  }

  private static QuotaOptions options(Map<String, String> rates) {
    Map<String, String> all = new HashMap<>(rates);
    all.put("admission.quota.by", "source");
    all.put("admission.quota.max-names", String.valueOf(MAX_NAMES));
    return QuotaOptions.from(Settings.of(all, QuotaOptions.OPTIONS));
  }

  /** The rules as they are described, in the plainest way. */
  private static final class Model {
    private static final long SWEEP_EVERY_NANOS = 100_000_000;
    private final Map<String, TokenBucket> limited = new HashMap<>();
    private NamedQuotas quotas;
    private TokenBucket others;
    private Asked last;
    private long sweptNanos;

    private record Asked(Quota quota, TokenBucket bucket) {}

    Model(QuotaOptions options, long nowNanos) {
      this.sweptNanos = nowNanos - SWEEP_EVERY_NANOS;
      follow(options);
    }

    void follow(QuotaOptions options) {
      quotas = new NamedQuotas(options);
      limited.keySet().removeIf(name -> quotas.of(name) == null);
      others = null;
    }

    boolean admits(String name, long nowNanos) {
      Quota quota = quotas.of(name);
      if (quota == null) {
        return true;
      }
      last = new Asked(quota, bucket(name, quota, nowNanos));
      return last.bucket.take(quota, 1, nowNanos) == 1;
    }

    long retryAfterNanos(long nowNanos) {
      return Math.min(LIMIT, last.bucket.nanosUntilOne(last.quota, nowNanos));
    }

    private TokenBucket bucket(String name, Quota quota, long nowNanos) {
      boolean named = quotas.own().containsKey(name);
      if (!limited.containsKey(name) && !named && isFull(nowNanos)) {
        others = others == null ? new TokenBucket(quota, nowNanos) : others;
        return others;
      }
      return limited.computeIfAbsent(name, added -> new TokenBucket(quota, nowNanos));
    }

    private boolean isFull(long nowNanos) {
      if (counted() >= MAX_NAMES && nowNanos - sweptNanos >= SWEEP_EVERY_NANOS) {
        sweptNanos = nowNanos;
        limited
            .entrySet()
            .removeIf(
                entry ->
                    !quotas.own().containsKey(entry.getKey())
                        && isFull(entry.getValue(), quotas.of(entry.getKey()), nowNanos));
      }
      return counted() >= MAX_NAMES;
    }

    /** Looking at a bucket does not change it. */
    private static boolean isFull(TokenBucket bucket, Quota quota, long nowNanos) {
      return bucket.saved().bucket().isFull(quota, nowNanos);
    }

    private long counted() {
      return limited.keySet().stream().filter(name -> !quotas.own().containsKey(name)).count();
    }
  }
}
