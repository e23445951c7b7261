package io.spillway.benchmarks.overload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorstSecondTest {
  private final WorstSecond worst = new WorstSecond();

  @Test
  void findsABurstThatLiesAcrossTwoWholeSeconds() {
    steady(0, 10_000);
    // 16 slow events around 4 s: 8 of 1,000 in each whole second, but 1.6 % of the second between.
    for (int i = 0; i < 16; i++) {
      worst.add(3992 + i, 900);
    }
    assertThat(worst.p99Millis(0, 10_000)).isEqualTo(900);
  }

  @Test
  void oneSlowEventInAHundredIsNotTheP99() {
    for (int i = 0; i < 100; i++) {
      worst.add(i * 10, i == 50 ? 5000 : 20);
    }
    assertThat(worst.p99Millis(0, 1000)).isEqualTo(20);
  }

  @Test
  void eventsBeforeAndAfterDoNotCount() {
    steady(0, 3000);
    worst.add(-1, 9000);
    worst.add(3000, 9000);
    assertThat(worst.p99Millis(0, 3000)).isEqualTo(20);
  }

  @Test
  void anEmptySecondDoesNotHideTheOthers() {
    steady(0, 1000);
    assertThat(worst.p99Millis(0, 5000)).isEqualTo(20);
  }

  @Test
  void isUnknownWithoutEvents() {
    assertThat(worst.p99Millis(0, 5000)).isNaN();
  }

  private void steady(int from, int to) {
    for (int at = from; at < to; at++) {
      worst.add(at, 20);
    }
  }
}
