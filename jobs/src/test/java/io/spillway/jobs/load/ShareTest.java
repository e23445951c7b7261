package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ShareTest {
  @Property(tries = 300)
  void anyWindowHoldsItsShareWithinTwoEvents(
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long from,
      @ForAll @IntRange(min = 1, max = 2_000) int length) {
    Share marked = new Share(share, seed);

    long count = LongStream.range(from, from + length).filter(marked::marks).count();

    assertThat((double) count).isCloseTo(share * length, Offset.offset(2.01));
    assertThat(marked.before(from + length) - marked.before(from)).isEqualTo(count);
  }

  @Test
  void noneAndAllAreExact() {
    assertThat(LongStream.range(0, 1_000).noneMatch(new Share(0, 1)::marks)).isTrue();
    assertThat(LongStream.range(0, 1_000).allMatch(new Share(1, 1)::marks)).isTrue();
  }

  @Test
  void marksHaveNoPeriod() {
    Share tenth = new Share(0.1, 7);
    long[] byPlace = new long[10];
    LongStream.range(0, 100_000).filter(tenth::marks).forEach(n -> byPlace[(int) (n % 10)]++);
    assertThat(LongStream.of(byPlace).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(850L, 1_150L));
  }
}
