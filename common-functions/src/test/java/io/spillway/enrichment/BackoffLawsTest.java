package io.spillway.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffLawsTest {
  @Property
  void aWaitIsAShareOfTheDoubledBaseAndNeverAboveTheCap(
      @ForAll @LongRange(min = 0, max = 600_000) long baseMillis,
      @ForAll @LongRange(min = 0, max = 600_000) long moreMillis,
      @ForAll @IntRange(min = 1, max = 100) int failures,
      @ForAll @DoubleRange(min = 0, max = 1) double random) {
    Duration cap = Duration.ofMillis(baseMillis + moreMillis);
    Backoff backoff = new Backoff(Duration.ofMillis(baseMillis), cap);
    double doubled = baseMillis * 1e6 * Math.pow(2, failures - 1);
    long longest = backoff.longestNanos(failures);
    assertThat((double) longest).isEqualTo(Math.min(doubled, cap.toNanos()));
    assertThat(backoff.delayNanos(failures, random)).isEqualTo((long) (random * longest));
  }

  @Property
  void attemptsThatTakeAllTheyMayEndWithTheBudget(
      @ForAll @LongRange(min = 1, max = 600_000_000_000L) long nanos,
      @ForAll long start,
      @ForAll @IntRange(min = 1, max = 20) int attempts) {
    TimeBudget budget = new TimeBudget(start, nanos, attempts);
    long now = start;
    for (int attempt = 1; attempt <= attempts; attempt++) {
      long may = budget.attemptNanos(attempt, now);
      assertThat(may).isBetween(nanos / attempts, nanos / attempts + attempts);
      now += may;
    }
    assertThat(now - start).isEqualTo(nanos);
    assertThat(budget.leftNanos(now)).isZero();
    assertThat(budget.leftNanos(now + 1)).isZero();
    assertThat(budget.allowsAnother(attempts, 0, start)).isFalse();
    assertThat(budget.allowsAnother(0, nanos, start)).isFalse();
    assertThat(budget.allowsAnother(0, nanos - 1, start)).isTrue();
  }
}
