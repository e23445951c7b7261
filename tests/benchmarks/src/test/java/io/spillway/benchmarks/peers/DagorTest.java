package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The rules and numbers of sections 4.1 and 4.2 of the paper. */
class DagorTest {
  private static final double OVERLOADED = 20.1;
  private static final double WELL = 19.9;

  @Test
  void admitsFivePercentFewerWhenEventsWaitedMoreThanTwentyMillis() {
    Dagor dagor = new Dagor(4);
    window(dagor, OVERLOADED, 0, 0, 0, 12_800);
    // 6.4 sub-levels of 128: the level falls until at most 95 % are left.
    assertThat(dagor.admitted(3)).isEqualTo(121 / 128.0);
    assertThat(dagor.admitted(2)).isEqualTo(1);
  }

  @Test
  void admitsMoreByOnePercentOfAllThatCameWhenEventsWaitedLess() {
    Dagor dagor = new Dagor(1);
    for (int i = 0; i < 20; i++) {
      window(dagor, OVERLOADED, 12_800);
    }
    double before = dagor.admitted(0);
    assertThat(before).isLessThan(0.5);
    window(dagor, WELL, 12_800);
    assertThat(dagor.admitted(0) - before).isEqualTo(2 / 128.0);
  }

  @Test
  void exactlyTwentyMillisIsNoOverload() {
    Dagor dagor = new Dagor(1);
    window(dagor, 20, 12_800);
    assertThat(dagor.admitted(0)).isEqualTo(1);
  }

  @Test
  void aWindowEndsAfterOneSecond() {
    Dagor dagor = new Dagor(1);
    offer(dagor, OVERLOADED, 128);
    for (int i = 0; i < 49; i++) {
      dagor.passed(0.02);
      assertThat(dagor.admitted(0)).isEqualTo(1);
    }
    dagor.passed(0.02);
    assertThat(dagor.admitted(0)).isLessThan(1);
  }

  @Test
  void aWindowEndsAfterTwoThousandRequests() {
    Dagor dagor = new Dagor(1);
    offer(dagor, OVERLOADED, 1_999);
    dagor.passed(0.001);
    assertThat(dagor.admitted(0)).isEqualTo(1);
    offer(dagor, OVERLOADED, 1);
    dagor.passed(0.001);
    assertThat(dagor.admitted(0)).isLessThan(1);
  }

  @Test
  void theLeastImportantBusinessPrioritiesGoFirstWhateverTheUser() {
    Dagor dagor = new Dagor(4);
    for (int i = 0; i < 30; i++) {
      window(dagor, OVERLOADED, 1_280, 1_280, 1_280, 1_280);
      for (int business = 1; business < 4; business++) {
        if (dagor.admitted(business) > 0) {
          assertThat(dagor.admitted(business - 1)).isEqualTo(1);
        }
      }
    }
    assertThat(dagor.admitted(3)).isZero();
    assertThat(dagor.admits(0, 0)).isTrue();
  }

  @Test
  void withinABusinessPriorityTheSameUsersAreKeptAsTheLevelFalls() {
    Dagor dagor = new Dagor(1);
    window(dagor, OVERLOADED, 12_800);
    for (int user = 0; user < Dagor.SUB_LEVELS; user++) {
      assertThat(dagor.admits(0, user)).isEqualTo(user < 121);
    }
  }

  @Test
  void theHistogramSaysHowFarTheLevelHasToMove() {
    Dagor dagor = new Dagor(1);
    // All of a window's requests but a few are of the first two users.
    dagor.arrived(0, 0, 60);
    dagor.arrived(0, 1, 39);
    dagor.arrived(0, 127, 1);
    dagor.waited(100, OVERLOADED);
    dagor.passed(1);
    // 95 of 100: without the last one there are 99, and then there is nothing before the second.
    assertThat(dagor.admits(0, 0)).isTrue();
    assertThat(dagor.admits(0, 1)).isFalse();
  }

  @Test
  void takesSevenWindowsFromTwoFifthsTooMuch() {
    Dagor dagor = new Dagor(1);
    int windows = 0;
    while (dagor.admitted(0) > 1 / 1.4) {
      window(dagor, OVERLOADED, 1_400);
      windows++;
    }
    assertThat(windows).isCloseTo((int) Math.ceil(Math.log(1.4) / -Math.log(0.95)), within(1));
  }

  @Test
  void aQuietServiceAdmitsEverythingAgain() {
    Dagor dagor = new Dagor(2);
    for (int i = 0; i < 100; i++) {
      window(dagor, OVERLOADED, 1_000, 1_000);
    }
    for (int i = 0; i < 110; i++) {
      window(dagor, 0, 100, 100);
    }
    assertThat(dagor.admitted(1)).isEqualTo(1);
  }

  private static void window(Dagor dagor, double waitedMillis, double... counts) {
    offer(dagor, waitedMillis, counts);
    dagor.passed(1);
  }

  private static void offer(Dagor dagor, double waitedMillis, double... counts) {
    for (int business = 0; business < counts.length; business++) {
      for (int user = 0; user < Dagor.SUB_LEVELS; user++) {
        dagor.arrived(business, user, counts[business] / Dagor.SUB_LEVELS);
      }
      dagor.waited(counts[business], waitedMillis);
    }
  }
}
