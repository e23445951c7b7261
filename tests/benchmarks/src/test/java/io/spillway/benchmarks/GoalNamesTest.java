package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spillway.sandbox.cluster.SandboxException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalNamesTest {
  @Test
  void noNameMeansAllGoals() {
    assertThat(GoalNames.resolve(List.of()))
        .containsExactly(
            "M1",
            "M2",
            "M2@dagor",
            "M3",
            "M4",
            "M5",
            "M6",
            "M6@dagor",
            "M7",
            "M8",
            "M9",
            "M10",
            "M11",
            "M12",
            "M13",
            "M14",
            "M15",
            "M16",
            "M17",
            "M18",
            "PEERS",
            "PROGRAMS",
            "DELIVERY",
            "EDGE",
            "LEDGER",
            "REPLAY",
            "M19",
            "M20",
            "M21",
            "COST",
            "LOADS",
            "MICRO",
            "SCALE",
            "RESCALE",
            "SQL");
  }

  @Test
  void idsAreTakenInAnyCaseAndSortedByGoal() {
    assertThat(GoalNames.resolve(List.of("m10", "M3", "m3"))).containsExactly("M3", "M10");
  }

  @Test
  void aGoalHasItsFiguresWithRunsOfTheirOwnAndTheseCanBeAskedForAlone() {
    assertThat(GoalNames.resolve(List.of("m2"))).containsExactly("M2", "M2@dagor");
    assertThat(GoalNames.resolve(List.of("M6@DAGOR"))).containsExactly("M6@dagor");
    assertThat(GoalNames.resolve(List.of("overload"))).doesNotContain("M6@dagor");
  }

  @Test
  void aGroupStandsForItsGoals() {
    assertThat(GoalNames.resolve(List.of("Overhead", "decision")))
        .containsExactly("M8", "M9", "M10");
  }

  @Test
  void aGroupAndAGoalOfTheSameNameDifferByTheirLetters() {
    assertThat(GoalNames.resolve(List.of("replay")))
        .containsExactly("M5", "M13", "LEDGER", "REPLAY");
    assertThat(GoalNames.resolve(List.of("REPLAY"))).containsExactly("REPLAY");
  }

  @Test
  void everyGoalIsInExactlyOneGroup() {
    assertThat(GoalNames.GROUPS.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(Goal.ids());
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> GoalNames.resolve(List.of("overlod")))
        .withMessageContaining("'overlod'")
        .withMessageContaining("did you mean 'overload'?")
        .matches(e -> e.exitCode() == 2);
  }
}
