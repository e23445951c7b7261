package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of RFC 8289, section 5, with a packet every 10 microseconds. */
class CodelTest {
  private static final long MILLI = 1_000_000;
  private static final long PACKET = 10_000;
  private static final long LATE = 6 * MILLI;

  private final Codel codel = new Codel();
  private long now;

  @Test
  void leavesAloneWhatWaitsLessThanTheTarget() {
    assertThat(drops(2000, 5 * MILLI - 1)).isEmpty();
  }

  @Test
  void dropsFirstAfterAnIntervalAndThenByTheInverseSquareRoot() {
    List<Double> at = drops(700, LATE);
    double expected = 100;
    assertThat(at.get(0)).isCloseTo(expected, within(0.05));
    for (int n = 1; n <= 8; n++) {
      expected += 100 / Math.sqrt(n);
      assertThat(at.get(n)).as("drop %d", n).isCloseTo(expected, within(0.05));
    }
  }

  @Test
  void onePacketInTimeEndsIt() {
    drops(350, LATE);
    assertThat(codel.count()).isGreaterThan(1);
    assertThat(drops(1, MILLI)).isEmpty();
    assertThat(drops(99, LATE)).isEmpty();
  }

  @Test
  void aBurstOfLessThanAnIntervalIsNoStandingQueue() {
    for (int i = 0; i < 20; i++) {
      assertThat(drops(95, LATE)).isEmpty();
      assertThat(drops(5, MILLI)).isEmpty();
    }
  }

  @Test
  void goesOnNearlyWhereItWasWhenItBeginsAgainSoon() {
    drops(2000, LATE);
    long before = codel.count();
    drops(10, MILLI);
    drops(101, LATE);
    assertThat(codel.count()).isBetween(before - 2, before + 1);
  }

  @Test
  void beginsAnewAfterAWhile() {
    drops(2000, LATE);
    drops(2000, MILLI);
    drops(101, LATE);
    assertThat(codel.count()).isEqualTo(1);
  }

  @Test
  void againstSendersThatDoNotSlowDownTheDropRateGrowsByFiftyASecond() {
    drops(5_000, LATE);
    int inTheSixthSecond = drops(1_000, LATE).size();
    // d/dt sqrt(count) / interval = 1 / (2 interval^2).
    assertThat(inTheSixthSecond).isCloseTo((int) (50 * 5.4), within(10));
  }

  /** Milliseconds at which packets were dropped. */
  private List<Double> drops(long millis, long waitedNanos) {
    List<Double> at = new ArrayList<>();
    long end = now + millis * MILLI;
    for (; now < end; now += PACKET) {
      if (codel.drops(now, waitedNanos)) {
        at.add(now / (double) MILLI);
      }
    }
    return at;
  }
}
