package io.spillway.benchmarks.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Series in steps of 100 ms; capacity 1,000 events/s, so 100 a step. */
class ReactionTest {
  private static final double CAPACITY = 1000;
  private static final int STEP_UP = 50;
  private static final int END = 150;
  private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

  @Test
  void isSettledAtOnceIfTheRateLetInIsTheCapacityFromTheStepOn() {
    assertThat(settle(letIn(0), new long[END])).isZero();
  }

  @Test
  void isNotSettledWhileTooMuchIsLetIn() {
    // Windows of half a second: with two of five steps at 120 one is still within a tenth.
    long[] letIn = letIn(8, 120);
    assertThat(settle(letIn, new long[END])).isEqualTo(0.6, EXACTLY);
  }

  @Test
  void isNotSettledWhileTooMuchIsTurnedAwayEither() {
    assertThat(settle(letIn(10, 0), new long[END])).isEqualTo(1.0, EXACTLY);
  }

  @Test
  void isNotSettledBeforeTheLastRelapse() {
    long[] letIn = letIn(0);
    letIn[STEP_UP + 15] = 200;
    assertThat(settle(letIn, new long[END])).isEqualTo(1.6, EXACTLY);
  }

  @Test
  void isNotSettledWhileTheQueueGrows() {
    long[] waiting = new long[END];
    for (int i = STEP_UP; i < END; i++) {
      waiting[i] = Math.min(10 * (i - STEP_UP), 400);
    }
    // It grows until step 40; the last 19 steps to it from step 30 on are a tenth of a second's
    // work.
    assertThat(settle(letIn(0), waiting)).isEqualTo(3.0, EXACTLY);
  }

  @Test
  void aLongQueueThatDoesNotGrowIsSettled() {
    long[] waiting = new long[END];
    Arrays.fill(waiting, 5000);
    assertThat(settle(letIn(0), waiting)).isZero();
  }

  @Test
  void neverSettlesIfTheRateSwings() {
    long[] letIn = letIn(0);
    for (int i = STEP_UP; i < END; i++) {
      letIn[i] = i / 5 % 2 == 0 ? 60 : 140;
    }
    assertThat(settle(letIn, new long[END])).isNaN();
  }

  @Test
  void aSteadyHoldHasNoFlaps() {
    long[] rejected = new long[100];
    Arrays.fill(rejected, 3);
    assertThat(Reaction.flapsPerMinute(rejected, 0, 100)).isZero();
  }

  @Test
  void aPauseInSheddingIsOneFlapHoweverLong() {
    long[] rejected = new long[600];
    Arrays.fill(rejected, 3);
    Arrays.fill(rejected, 100, 130, 0);
    rejected[400] = 0;
    assertThat(Reaction.flapsPerMinute(rejected, 0, 600)).isEqualTo(2, EXACTLY);
  }

  @Test
  void flapsAreCountedOnlyInTheHold() {
    long[] rejected = new long[400];
    Arrays.fill(rejected, 100, 300, 1);
    rejected[200] = 0;
    assertThat(Reaction.flapsPerMinute(rejected, 100, 300)).isEqualTo(3, EXACTLY);
  }

  @Test
  void clearIsTheEndOfTheLastStepWithARejection() {
    long[] rejected = new long[200];
    Arrays.fill(rejected, 0, 103, 7);
    assertThat(Reaction.clearSeconds(rejected, 100, 150)).isEqualTo(0.3, EXACTLY);
    rejected[140] = 1;
    assertThat(Reaction.clearSeconds(rejected, 100, 150)).isEqualTo(4.1, EXACTLY);
  }

  @Test
  void clearIsZeroIfNothingIsTurnedAwayAfterTheEnd() {
    long[] rejected = new long[200];
    Arrays.fill(rejected, 0, 100, 7);
    rejected[170] = 1;
    assertThat(Reaction.clearSeconds(rejected, 100, 150)).isZero();
  }

  private static double settle(long[] letIn, long[] waiting) {
    return Reaction.settleSeconds(letIn, waiting, STEP_UP, END, CAPACITY);
  }

  private static long[] letIn(int badSteps, long... bad) {
    long[] letIn = new long[END];
    Arrays.fill(letIn, 0, STEP_UP, 50);
    Arrays.fill(letIn, STEP_UP, END, 100);
    Arrays.fill(letIn, STEP_UP, STEP_UP + badSteps, bad.length == 0 ? 100 : bad[0]);
    return letIn;
  }
}
