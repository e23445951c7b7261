package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.config.InvalidSettings;
import io.spillway.priority.Priority;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixTest {
  private static final String DEFAULT = "critical=5,high=15,normal=40,bulk=40";

  @Property(tries = 100)
  void everyBlockHasExactlyTheSharesOfTheMix(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 10_000_000_000L) long block) {
    Mix mix = Mix.parse(DEFAULT, seed);
    assertThat(counts(mix, block * 100, 100)).containsExactly(5, 15, 40, 40);
  }

  @Property(tries = 100)
  void aBlockIsAsLongAsDecimalsNeed(@ForAll @IntRange(min = 0, max = 50) int block) {
    Mix mix = Mix.parse("critical=0.5,high=99.25,bulk=0.25", 3);
    assertThat(mix.block()).isEqualTo(10_000);
    assertThat(counts(mix, block * 10_000L, 10_000)).containsExactly(50, 9_925, 0, 25);
  }

  @Property(tries = 100)
  void inAnyWindowTheSharesAreRightWithinAFewEvents(
      @ForAll @LongRange(min = 0, max = 1_000_000) long from,
      @ForAll @IntRange(min = 1, max = 1_000) int length) {
    long[] counts = counts(Mix.parse(DEFAULT, 1), from, length);
    double[] shares = {.05, .15, .40, .40};
    for (int i = 0; i < shares.length; i++) {
      assertThat((double) counts[i]).isBetween(shares[i] * length - 4, shares[i] * length + 4);
    }
  }

  @Test
  void aSourceThatSendsEveryHundredthEventSendsEveryPriority() {
    Mix mix = Mix.parse(DEFAULT, 1);
    long[] counts = new long[Priority.COUNT];
    LongStream.range(0, 10_000).forEach(i -> counts[mix.priority(17 + 100 * i).ordinal()]++);
    assertThat(counts[0]).isBetween(400L, 600L);
    assertThat(counts[3]).isBetween(3_700L, 4_300L);
  }

  @Test
  void aPriorityThatIsNotNamedHasNoEvents() {
    assertThat(counts(Mix.parse("bulk=100", 1), 0, 1_000)).containsExactly(0, 0, 0, 1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "critical=5,high=15            | the percentages add up to 20, not 100; write a percentage",
        "critical=50,bulk=60           | add up to 110, not 100",
        "critical=-5,bulk=105          | '-5' is not a percentage from 0 to 100",
        "critical=5.125,bulk=94.875    | with at most 2 decimals",
        "critical=some,bulk=95         | 'some' is not a percentage",
        "urgent=5,bulk=95              | 'urgent=5' is not PRIORITY=PERCENT",
        "critical,bulk=95              | 'critical' is not PRIORITY=PERCENT",
        "bulk=50,bulk=50               | bulk is named twice"
      })
  void saysWhatIsWrongAndWhatToWrite(String text, String words) {
    assertThatThrownBy(() -> Mix.parse(text, 1))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageStartingWith("mix = '" + text + "': ")
        .hasMessageContaining(words)
        .hasMessageEndingWith("such as critical=5,high=15,normal=40,bulk=40");
  }

  private static long[] counts(Mix mix, long from, int length) {
    long[] counts = new long[Priority.COUNT];
    LongStream.range(from, from + length).forEach(n -> counts[mix.priority(n).ordinal()]++);
    return counts;
  }
}
