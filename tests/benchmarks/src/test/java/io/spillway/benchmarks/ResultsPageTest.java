package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsPageTest {
  private final BenchRun earlier = Recorded.run("2026-11-28T10:00:00Z", "aaaaaaa");
  private final BenchRun later = Recorded.run("2026-11-29T10:00:00Z", "bbbbbbb");
  private final String page =
      page(
          Recorded.result(Goal.M1_2X, 0.5, earlier, false),
          Recorded.result(Goal.M1_5X, 0.92, earlier, false),
          Recorded.result(Goal.M4, 600, later, false),
          Recorded.result(Goal.M6_SETTLE, 0.3, later, true));

  @Test
  void whatFellShortComesFirst() {
    assertThat(page)
        .containsSubsequence(
            "## Below the floor",
            "| `M1@2x` |",
            "## Above the floor, short of the goal",
            "| `M1@5x` |",
            "## At the goal",
            "| `M4` |",
            "## No goal set",
            "| `M6@settle` |",
            "## Never measured here",
            "| `M1@10x` |");
  }

  @Test
  void everyFigureIsThereOnce() {
    for (Goal goal : Goal.values()) {
      assertThat(page.lines().filter(line -> line.startsWith("| `" + goal.key() + "` |")))
          .as(goal.key())
          .hasSize(1);
    }
  }

  @Test
  void aLineHasFloorGoalFigureSpreadBaselineAndRun() {
    assertThat(page)
        .contains(
            "| `M1@2x` | goodput at 2x capacity / goodput at 1x | 0.95 | 0.98 | **0.5** | 0.25 .. 0.75 | ratio | plain: 0.5 | 1 |");
  }

  @Test
  void quickFiguresAreMarkedWhereTheyStandAndCounted() {
    assertThat(page).contains("| **0.3** quick |", "Of a quick run, and marked so: 1,");
    assertThat(page(Recorded.result(Goal.M4, 600, later, false))).doesNotContain("quick");
  }

  @Test
  void aRunHasItsDateCommitLoadAndCommands() {
    assertThat(page)
        .contains(
            "- Machine: Some CPU, 2 processors, 23.5 GiB, Linux 6.1\n",
            "- Versions: Flink 2.3.0, Kafka 4.3.1 (clients 4.2.0), OpenJDK 17.0.9\n",
            "| 1 | 2026-11-28 10:00:00 | aaaaaaa | 0.12 | `./spillway bench M1` |",
            "| 2 | 2026-11-29 10:00:00 | bbbbbbb | 0.12 | `./spillway bench M4`<br>`./spillway bench M6 --quick` |");
  }

  @Test
  void aSignThatEndsACellDoesNotEndIt() {
    GoalResult odd = new GoalResult(Goal.M4, new Spread(600, 600, 600), Map.of("a | b", 1.0));
    assertThat(page(new RecordedResult(odd, later, "", false))).contains("a \\| b: 1");
  }

  private static String page(RecordedResult... results) {
    return ResultsPage.of(RecordedResults.of(List.of(results)));
  }
}
