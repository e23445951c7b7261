package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.benchmarks.GoalResult.Standing;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalTest {
  @Test
  void everyTargetIsAtLeastAsHardAsItsFloor() {
    assertThat(Goal.values()).allMatch(goal -> goal.meetsFloor(goal.target()));
  }

  @Test
  void keysAreUniqueAndBeginWithTheirId() {
    assertThat(Arrays.stream(Goal.values()).map(Goal::key)).doesNotHaveDuplicates();
    assertThat(Goal.values()).allMatch(goal -> goal.key().startsWith(goal.id()));
  }

  @Test
  void moreIsBetterForARatioOfGoodput() {
    assertThat(standing(Goal.M1_5X, 0.98)).isEqualTo(Standing.TARGET);
    assertThat(standing(Goal.M1_5X, 0.92)).isEqualTo(Standing.FLOOR);
    assertThat(standing(Goal.M1_5X, 0.89)).isEqualTo(Standing.BELOW_FLOOR);
  }

  @Test
  void lessIsBetterForALatency() {
    assertThat(standing(Goal.M3, 1.2)).isEqualTo(Standing.TARGET);
    assertThat(standing(Goal.M3, 1.9)).isEqualTo(Standing.FLOOR);
    assertThat(standing(Goal.M3, 2.1)).isEqualTo(Standing.BELOW_FLOOR);
  }

  @Test
  void whatHasNoTargetIsReportedWithoutJudgement() {
    assertThat(standing(Goal.M6_SETTLE, 3)).isEqualTo(Standing.NO_TARGET);
  }

  @Test
  void whatCouldNotBeMeasuredIsBelowItsFloor() {
    assertThat(standing(Goal.M9, Double.NaN)).isEqualTo(Standing.BELOW_FLOOR);
    assertThat(standing(Goal.M6_SETTLE, Double.NaN)).isEqualTo(Standing.BELOW_FLOOR);
  }

  private static Standing standing(Goal goal, double value) {
    return new GoalResult(goal, new Spread(value, value, value), Map.of()).standing();
  }
}
