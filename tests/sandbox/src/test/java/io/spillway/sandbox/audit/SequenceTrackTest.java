package io.spillway.sandbox.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SequenceTrackTest {
  @Property(tries = 300)
  void countsGapsAndRepeatsInAnyOrder(
      @ForAll Random random, @ForAll @IntRange(min = 2, max = 200) int n) {
    List<Long> numbers = new ArrayList<>();
    Set<Long> distinct = new HashSet<>();
    for (long number = 1; number <= n; number++) {
      int times = number == 1 || number == n ? 1 : random.nextInt(3);
      for (int i = 0; i < times; i++) {
        numbers.add(number);
        distinct.add(number);
      }
    }
    Collections.shuffle(numbers, random);
    SequenceTrack track = new SequenceTrack();
    numbers.forEach(track::add);
    assertThat(track.lost()).isEqualTo(n - distinct.size());
    assertThat(track.repeats()).isEqualTo(numbers.size() - distinct.size());
    assertThat(track.restarts()).isZero();
  }

  @Example
  void aSourceThatCountsAnewHasLostNothing() {
    SequenceTrack track = new SequenceTrack();
    track.add(5);
    track.add(Long.MAX_VALUE - 1);
    assertThat(track.lost()).isZero();
    assertThat(track.restarts()).isEqualTo(1);
  }

  @Example
  void anEventWithoutANumberIsNoPartOfIt() {
    SequenceTrack track = new SequenceTrack();
    track.add(1);
    track.add(0);
    track.add(0);
    track.add(2);
    assertThat(track.lost() + track.repeats()).isZero();
  }

  @Example
  void sourcesBeyondTheLimitAreCountedAndNotFollowed() {
    Sources sources = new Sources(1);
    sources.seen("a", 1, false, false);
    sources.seen("b", 1, true, false);
    sources.seen("a", 3, false, false);
    assertThat(sources.notFollowed()).isEqualTo(1);
    assertThat(sources.withProblems()).containsExactly(new Sources.Line("a", 2, 0, 0, 1, 0));
  }
}
