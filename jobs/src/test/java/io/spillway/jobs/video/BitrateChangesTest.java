package io.spillway.jobs.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BitrateChangesTest {

  @Property(tries = 300)
  void countsAsIfHeartbeatsHadComeInOrder(
      @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 3) Integer> kbps, @ForAll long seed) {
    BitrateChanges changes = new BitrateChanges();
    for (int time : nearlyInOrder(kbps.size(), seed)) {
      changes.add(time, kbps.get(time));
    }
    assertThat(changes.changes()).isEqualTo(inOrder(kbps));
    assertThat(changes.heldMillis).hasSizeLessThanOrEqualTo(BitrateChanges.HELD);
  }

  @Property(tries = 300)
  void partsOfASessionAddUp(
      @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 3) Integer> kbps,
      @ForAll @IntRange(max = 80) int cut,
      @ForAll boolean swapped) {
    BitrateChanges before = new BitrateChanges();
    BitrateChanges after = new BitrateChanges();
    for (int time = 0; time < kbps.size(); time++) {
      (time < cut ? before : after).add(time, kbps.get(time));
    }
    BitrateChanges all = swapped ? after.mergedWith(before) : before.mergedWith(after);
    assertThat(all.changes()).isEqualTo(inOrder(kbps));
    all.add(1_000, 9);
    assertThat(all.changes()).isEqualTo(inOrder(kbps) + (kbps.isEmpty() ? 0 : 1));
  }

  @Test
  void aHeartbeatOfLongAgoChangesNothing() {
    BitrateChanges changes = new BitrateChanges();
    for (int time = 1; time <= 40; time++) {
      changes.add(time, 1);
    }
    changes.add(0, 2);
    assertThat(changes.changes()).isZero();
  }

  /** No heartbeat has more than {@link BitrateChanges#HELD} newer ones before it. */
  private static List<Integer> nearlyInOrder(int count, long seed) {
    List<Integer> times = new ArrayList<>();
    Random random = new Random(seed);
    for (int from = 0; from < count; from += BitrateChanges.HELD) {
      List<Integer> block = new ArrayList<>();
      for (int time = from; time < Math.min(count, from + BitrateChanges.HELD); time++) {
        block.add(time);
      }
      Collections.shuffle(block, random);
      times.addAll(block);
    }
    return times;
  }

  private static long inOrder(List<Integer> kbps) {
    long changes = 0;
    for (int i = 1; i < kbps.size(); i++) {
      changes += kbps.get(i).equals(kbps.get(i - 1)) ? 0 : 1;
    }
    return changes;
  }
}
