package io.spillway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Property
  void permitsOneByOneAreAsManyAsAllAtOnce(
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double rate,
      @ForAll @DoubleRange(min = 0, max = 500) double burst,
      @ForAll List<@IntRange(min = 1, max = 600) Integer> wanted,
      @ForAll @IntRange(max = 2_000_000_000) int pause) {
    Quota quota = new Quota(rate, burst);
    TokenBucket oneByOne = new TokenBucket(quota, 0);
    TokenBucket atOnce = new TokenBucket(quota, 0);
    long now = 0;
    for (int n : wanted) {
      long each = 0;
      for (int i = 0; i < n; i++) {
        each += oneByOne.take(quota, 1, now);
      }
      assertThat(each).isEqualTo(atOnce.take(quota, n, now));
      assertThat(oneByOne.permits()).isEqualTo(atOnce.permits());
      now += pause;
    }
  }

  @Property
  void neverMoreThanBurstAndRateTimesTimeInAnySpan(
      @ForAll @DoubleRange(min = 0, max = 1000) double rate,
      @ForAll @DoubleRange(min = 0, max = 50) double burst,
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 100_000_000) Integer> pauses) {
    Quota quota = new Quota(rate, burst);
    TokenBucket bucket = new TokenBucket(quota, 0);
    long[] at = new long[pauses.size()];
    long[] passed = new long[pauses.size()];
    long now = 0;
    for (int i = 0; i < at.length; i++) {
      now += pauses.get(i);
      at[i] = now;
      passed[i] = bucket.take(quota, 20, now);
    }
    for (int from = 0; from < at.length; from++) {
      long sum = 0;
      for (int to = from; to < at.length; to++) {
        sum += passed[to];
        double most = burst + rate * (at[to] - at[from]) / SECOND;
        assertThat((double) sum).isLessThanOrEqualTo(most + 1e-6);
      }
    }
  }

  @Test
  void whoNeverSendsTooMuchIsNeverTurnedAway() {
    Quota quota = new Quota(4, 1);
    TokenBucket bucket = new TokenBucket(quota, 0);
    for (int i = 1; i <= 1000; i++) {
      assertThat(bucket.take(quota, 1, i * SECOND / 4)).isEqualTo(1);
    }
  }

  @Test
  void saysWhenThereIsAPermitAgain() {
    Quota quota = new Quota(2, 3);
    TokenBucket bucket = new TokenBucket(quota, 0);
    assertThat(bucket.take(quota, 5, 0)).isEqualTo(3);
    long wait = bucket.nanosUntilOne(quota, 0);
    assertThat(wait).isEqualTo(SECOND / 2);
    assertThat(bucket.take(quota, 1, wait - 1)).isZero();
    assertThat(bucket.take(quota, 1, wait)).isEqualTo(1);
  }

  @Test
  void aBurstBelowOneLetsNothingPassEver() {
    TokenBucket bucket = new TokenBucket(Quota.NOTHING, 0);
    assertThat(bucket.take(Quota.NOTHING, 1, Long.MAX_VALUE / 2)).isZero();
    assertThat(bucket.nanosUntilOne(Quota.NOTHING, 0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aClockThatGoesBackGivesNothing() {
    Quota quota = new Quota(1, 1);
    TokenBucket bucket = new TokenBucket(quota, 5 * SECOND);
    bucket.take(quota, 1, 5 * SECOND);
    assertThat(bucket.take(quota, 1, 0)).isZero();
    assertThat(bucket.take(quota, 1, 5 * SECOND)).isZero();
    assertThat(bucket.take(quota, 1, 6 * SECOND)).isEqualTo(1);
  }
}
