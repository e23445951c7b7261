package io.spillway.sandbox.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RangesTest {
  private static final int OFFSETS = 60;

  @Property(tries = 300)
  void isTheSetOfAllAddedAndTellsWhatWasThereBefore(@ForAll Random random) {
    Ranges ranges = new Ranges();
    Ranges again = new Ranges();
    BitSet expected = new BitSet();
    BitSet twice = new BitSet();
    for (int i = random.nextInt(12); i > 0; i--) {
      int from = random.nextInt(OFFSETS);
      int to = from + random.nextInt(OFFSETS - from);
      BitSet added = new BitSet();
      added.set(from, to + 1);
      BitSet before = (BitSet) added.clone();
      before.and(expected);
      twice.or(before);
      expected.or(added);
      ranges.add(from, to, again);
    }
    for (int offset = 0; offset <= OFFSETS; offset++) {
      assertThat(ranges.contains(offset)).isEqualTo(expected.get(offset));
      assertThat(again.contains(offset)).isEqualTo(twice.get(offset));
    }
    assertThat(ranges.first()).isEqualTo(expected.nextSetBit(0));
    assertThat(ranges.last()).isEqualTo(expected.length() - 1);
    assertThat(ranges.isEmpty()).isEqualTo(expected.isEmpty());
  }

  @Example
  void holdsTheWholeRangeOfOffsets() {
    Ranges ranges = new Ranges();
    ranges.add(0, 0, null);
    ranges.add(Long.MAX_VALUE - 1, Long.MAX_VALUE - 1, null);
    assertThat(ranges.contains(Long.MAX_VALUE - 1)).isTrue();
    assertThat(ranges.contains(5)).isFalse();
  }
}
