package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BucketTest {
  private final Bucket bucket = new Bucket();

  @Test
  void letsABurstPassAndThenTheRate() {
    int passed = 0;
    for (int millis = 0; millis < 10_000; millis += 10) {
      passed += bucket.take(5, 20, millis) == 0 ? 1 : 0;
    }
    assertThat(passed).isBetween(20 + 48, 20 + 50);
  }

  @Test
  void saysWhenThereWillBeAToken() {
    assertThat(bucket.take(10, 1, 1000)).isZero();
    long wait = bucket.take(10, 1, 1000);
    assertThat(wait).isEqualTo(100);
    assertThat(bucket.take(10, 1, 1000 + wait - 1)).isPositive();
    assertThat(bucket.take(10, 1, 1000 + wait)).isZero();
  }

  @Test
  void anEventFromThePastFillsNothing() {
    bucket.take(10, 1, 1000);
    assertThat(bucket.take(10, 1, 0)).isEqualTo(100);
  }

  @Test
  void refusesAQuotaThatLetsNothingPass() {
    assertThatThrownBy(() -> bucket.take(0, 1, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> bucket.take(1, 0.5, 0)).hasMessageContaining("at least 1");
  }
}
