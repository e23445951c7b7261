package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueDelayTest {
  private final QueueDelay delay = new QueueDelay();

  @Property
  void aWrongClockDoesNotLookLikeADelay(
      @ForAll @LongRange(min = -10_000_000, max = 10_000_000) long skew) {
    QueueDelay skewed = new QueueDelay();
    for (long now = 0; now < 200_000; now += 100) {
      skewed.observe(now, now - 3 - skew);
      assertThat(skewed.millis()).isZero();
    }
  }

  @Test
  void readsHowMuchLongerThanTheShortestRecordsWait() {
    delay.observe(1_000, 990);
    delay.observe(2_000, 1_500);
    assertThat(delay.millis()).isEqualTo(490);
  }

  @Test
  void forgetsAnOldBase() {
    delay.observe(0, 0);
    for (long now = 1_000; now < 3 * QueueDelay.WINDOW_MILLIS; now += 1_000) {
      delay.observe(now, now - 700);
    }
    assertThat(delay.millis()).isZero();
  }

  /** Hours forward or back, on this machine alone; records go on with a delay of 3 ms. */
  @ParameterizedTest
  @ValueSource(longs = {5 * 3_600_000L, -5 * 3_600_000L})
  void forgetsThatTheClockJumped(long jump) {
    for (long time = 0; time < 90_000; time += 100) {
      delay.observe(time, time - 3);
    }
    long end = 90_000 + 2 * QueueDelay.WINDOW_MILLIS;
    for (long time = 90_000; time <= end; time += 100) {
      delay.observe(time + jump, time - 3);
    }
    assertThat(delay.millis()).isZero();
  }

  /** Else the low base of the moment at which it was put back would stay for five hours. */
  @Test
  void forgetsAnOldBaseAlsoAfterTheClockWasPutBack() {
    long back = 5 * 3_600_000L;
    for (long time = 0; time < 90_000; time += 100) {
      delay.observe(time, time - 3);
    }
    delay.observe(90_000 - back, 90_000 - 3);
    long end = 90_000 + 3 * QueueDelay.WINDOW_MILLIS;
    for (long time = 90_100; time <= end; time += 100) {
      delay.observe(time - back, time - 703);
    }
    assertThat(delay.millis()).isZero();
  }
}
