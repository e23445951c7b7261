package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.benchmarks.Measurement.Findings;
import io.spillway.benchmarks.programs.ProgramFigures;
import io.spillway.benchmarks.programs.Side;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramGoalsTest {
  @Test
  void oursIsHeldAgainstTheBestProgramOfEachRound() {
    Findings findings =
        ProgramGoals.findings(
            sides(
                List.of(figures(400, 10), figures(500, 20)),
                List.of(figures(500, 40), figures(250, 20)),
                List.of(figures(100, 20), figures(100, Double.NaN))));
    assertThat(findings.results())
        .extracting(GoalResult::goal, GoalResult::measured)
        .containsExactly(
            tuple(Goal.PROGRAMS_CRITICAL, new Spread(1.5, 1, 2)),
            tuple(Goal.PROGRAMS_DEADLINE, new Spread(1.4, 0.8, 2)));
  }

  @Test
  void aProgramThatIsBetterIsNamedFirst() {
    Findings findings =
        ProgramGoals.findings(
            sides(List.of(figures(500, 10)), List.of(figures(490, 8)), List.of(figures(504, 12))));
    assertThat(findings.first())
        .singleElement()
        .asString()
        .startsWith(Side.PEKKO.words() + " is better than Spillway: CRITICAL p99 (ms) 8");
  }

  @Test
  void whatNoProgramDoesBetterIsSaidToo() {
    Findings findings =
        ProgramGoals.findings(
            sides(List.of(figures(500, 10)), List.of(figures(490, 11)), List.of(figures(0, 12))));
    assertThat(findings.first())
        .containsExactly(
            "No program is better than Spillway in what was measured, by more than 1 %.");
  }

  private static ProgramFigures figures(double inTime, double criticalP99) {
    return new ProgramFigures(500, inTime, criticalP99, 0, 0);
  }

  private static Map<Side, List<ProgramFigures>> sides(
      List<ProgramFigures> ours, List<ProgramFigures> pekko, List<ProgramFigures> streams) {
    return new EnumMap<>(
        Map.of(Side.SPILLWAY, ours, Side.PEKKO, pekko, Side.KAFKA_STREAMS, streams));
  }
}
