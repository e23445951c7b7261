package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PollOrderTest {

  @Property
  void neverLetsAReadyLevelWaitForMoreThanItsFloor(
      @ForAll @IntRange(min = 2, max = 6) int levels,
      @ForAll @IntRange(min = 2, max = 30) int floor,
      @ForAll @Size(value = 600) int[] readiness) {
    PollOrder order = new PollOrder(levels, floor);
    int[] passedOver = new int[levels];
    for (int bits : readiness) {
      int ready = bits & (1 << levels) - 1;
      int level = order.next(ready);
      if (level == PollOrder.NONE) {
        assertThat(ready).isZero();
        continue;
      }
      assertThat(ready & 1 << level).isNotZero();
      order.taken(level);
      passedOver[level] = 0;
      for (int lower = level + 1; lower < levels; lower++) {
        boolean waits = (ready & 1 << lower) != 0;
        passedOver[lower] = waits ? passedOver[lower] + 1 : 0;
        assertThat(passedOver[lower]).isLessThan(floor);
      }
    }
  }

  @Property
  void readsTheMostImportantLevelUnlessALowerOneIsDue(
      @ForAll @IntRange(min = 2, max = 6) int levels,
      @ForAll @IntRange(min = 2, max = 30) int floor,
      @ForAll @Size(value = 600) int[] readiness) {
    PollOrder order = new PollOrder(levels, floor);
    int[] sinceLast = new int[levels];
    for (int bits : readiness) {
      int ready = bits & (1 << levels) - 1;
      int level = order.next(ready);
      if (level == PollOrder.NONE) {
        continue;
      }
      int first = Integer.numberOfTrailingZeros(ready);
      if (level != first) {
        assertThat(sinceLast[level]).isGreaterThanOrEqualTo(floor - 1);
      }
      order.taken(level);
      sinceLast[level] = 0;
      for (int lower = level + 1; lower < levels; lower++) {
        sinceLast[lower]++;
      }
    }
  }

  @Property
  void givesEveryLowerLevelExactlyItsFloorWhileAllHaveABacklog(
      @ForAll @IntRange(min = 1, max = 6) int levels,
      @ForAll @IntRange(min = 2, max = 30) int floor) {
    PollOrder order = new PollOrder(levels, floor);
    int all = (1 << levels) - 1;
    int[] taken = new int[levels];
    for (int level; taken[0] < 1000 * (floor - 1); order.taken(level)) {
      level = order.next(all);
      taken[level]++;
    }

    int above = taken[0];
    for (int level = 1; level < levels; level++) {
      assertThat(taken[level]).isBetween(above / (floor - 1) - 1, above / (floor - 1) + 1);
      above += taken[level];
    }
  }

  @Example
  void readsALevelAtOnceThatCameBackAfterALongPause() {
    PollOrder order = new PollOrder(2, 3);
    for (int i = 0; i < 10; i++) {
      order.taken(order.next(0b01));
    }

    assertThat(order.next(0b11)).isEqualTo(1);
    order.taken(1);
    assertThat(order.next(0b11)).isEqualTo(0);
  }

  @Example
  void answersNoneWhereNobodyIsReady() {
    assertThat(new PollOrder(4, 20).next(0)).isEqualTo(PollOrder.NONE);
  }

  @Example
  void refusesAFloorThatWouldPutLowerLevelsFirst() {
    assertThatThrownBy(() -> new PollOrder(4, 1)).hasMessageContaining("floor = 1: give 2 or more");
    assertThatThrownBy(() -> new PollOrder(0, 20)).hasMessageContaining("give 1 to 31");
    assertThatThrownBy(() -> new PollOrder(32, 20)).hasMessageContaining("give 1 to 31");
  }
}
