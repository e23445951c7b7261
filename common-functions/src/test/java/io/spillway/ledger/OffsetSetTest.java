package io.spillway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OffsetSetTest {
  /** Ranges lie across the border between two chunks of 2^32. */
  private static final long BASE = (1L << 32) - 500;

  @Property(tries = 200)
  void isTheSetThatRangesMakeOfIt(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 700) int longest) {
    Random random = new Random(seed);
    OffsetSet set = new OffsetSet();
    TreeSet<Long> expected = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      long from = BASE + random.nextInt(1000);
      long to = from + random.nextInt(50);
      boolean adds = random.nextBoolean();
      for (long offset = from; offset <= to; offset++) {
        if (adds) {
          expected.add(offset);
        } else {
          expected.remove(offset);
        }
      }
      if (adds) {
        set.addRange(from, to);
      } else {
        set.removeRange(from, to);
      }
    }
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(set.isEmpty()).isEqualTo(expected.isEmpty());

    TreeSet<Long> shown = new TreeSet<>();
    set.forEachRange(
        longest,
        (from, to, offsets) -> {
          assertThat(to - from).isLessThan(longest);
          assertThat(offsets.first()).isZero();
          assertThat(offsets.last()).isEqualTo((int) (to - from));
          offsets.forEach((int offset) -> assertThat(shown.add(from + offset)).isTrue());
        });
    assertThat(shown).isEqualTo(expected);
    assertThat(expected).allMatch(set::contains);
  }

  @Property
  void whatIsAddedAndRemovedAgainLeavesTheRest(@ForAll long seed) {
    Random random = new Random(seed);
    OffsetSet one = new OffsetSet();
    OffsetSet other = new OffsetSet();
    for (int i = 0; i < 100; i++) {
      one.add(BASE + 2L * random.nextInt(1000));
      other.add(BASE + 2L * random.nextInt(1000) + 1);
    }
    OffsetSet both = one.copy();
    both.addAll(other);
    assertThat(both.size()).isEqualTo(one.size() + other.size());
    both.removeAll(other);
    assertThat(both).isEqualTo(one).hasSameHashCodeAs(one);
  }
}
