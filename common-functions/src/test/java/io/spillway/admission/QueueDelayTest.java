package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

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
}
