package io.spillway.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SplitHandoutTest {
  /**
   * Splits, checkpoints, ends and failures in any order; a checkpoint may overtake what is on its
   * way to a reader, and what a reader says may arrive after the checkpoint it belongs to.
   */
  @Property(tries = 2000)
  void eachSplitIsReadOnceWhateverFailsAndOvertakes(
      @ForAll @IntRange(min = 1, max = 3) int readers,
      @ForAll @Size(max = 200) List<@IntRange(max = 9999) Integer> choices) {
    SimulatedReplay replay = new SimulatedReplay(readers, 7);
    choices.forEach(replay::step);
    replay.runToItsEnd();
    assertThat(replay.read()).containsExactlyInAnyOrderElementsOf(replay.planned());
    assertThat(replay.leftInCheckpoints())
        .as("what is kept once everything is known to be in a completed checkpoint")
        .isEmpty();
  }

  @Test
  void givesASplitThatNobodyHasAgainAndNotThoseThatSomebodyHas() {
    SplitHandout handout = started(2, 3);
    assertThat(handout.next(0)).contains(split(0));
    assertThat(handout.next(1)).contains(split(1));
    handout.restarts(0);
    assertThat(handout.knowsAll(2)).isFalse();
    handout.holds(0, List.of());
    assertThat(handout.knowsAll(2)).isTrue();
    assertThat(handout.next(1)).contains(split(0));
    assertThat(handout.next(1)).contains(split(2));
    assertThat(handout.next(1)).isEmpty();
  }

  @Test
  void letsGoOfASplitOnceACompletedCheckpointHoldsIt() {
    SplitHandout handout = started(1, 2);
    handout.next(0);
    handout.named(4, 0, List.of(split(0).splitId()));
    assertThat(handout.completed(5)).as("4 never completed").isEmpty();
    assertThat(handout.open()).containsExactly(split(0), split(1));

    handout.named(6, 0, List.of(split(0).splitId()));
    assertThat(handout.completed(6)).isEqualTo(Map.of(0, Set.of(split(0).splitId())));
    assertThat(handout.open()).containsExactly(split(1));
  }

  @Test
  void letsGoOfItAlsoWhenTheReaderSaysSoAfterTheCheckpoint() {
    SplitHandout handout = started(1, 1);
    handout.next(0);
    assertThat(handout.completed(1)).isEmpty();
    assertThat(handout.named(1, 0, List.of(split(0).splitId())))
        .isEqualTo(Map.of(0, Set.of(split(0).splitId())));
    assertThat(handout.open()).isEmpty();
  }

  private static SplitHandout started(int readers, int splits) {
    SplitHandout handout = new SplitHandout();
    handout.add(SimulatedReplay.splits(splits));
    for (int reader = 0; reader < readers; reader++) {
      handout.holds(reader, List.of());
    }
    return handout;
  }

  private static ReplaySplit split(int number) {
    return SimulatedReplay.splits(number + 1).get(number);
  }
}
