package io.spillway.benchmarks;

import io.spillway.benchmarks.RaceTable.Better;
import io.spillway.benchmarks.RaceTable.Column;
import io.spillway.benchmarks.programs.ProgramFigures;
import io.spillway.benchmarks.programs.ProgramRuns;
import io.spillway.benchmarks.programs.Side;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * PROGRAMS: the job against programs in its place. A ratio is taken within a round, against whoever
 * was the best of the programs in it, which need not be the same for both figures.
 */
final class ProgramGoals implements Measurement {
  private final ProgramRuns runs;
  private final Supplier<LocalCluster> cluster;

  ProgramGoals(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new ProgramRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = findings(runs.run(cluster.get(), progress));
    findings.add(runs.onTime());
    return findings;
  }

  static Findings findings(Map<Side, List<ProgramFigures>> figures) {
    Findings findings = new Findings();
    RaceTable<Side, ProgramFigures> table = table(figures);
    findings.first().addAll(table.losses());
    findings.tables().add(new Table("programs in place of the job, at 5x", table.rows()));
    findings
        .results()
        .add(
            result(
                Goal.PROGRAMS_CRITICAL,
                figures,
                ProgramFigures::criticalP99,
                Math::min,
                (ours, best) -> best / ours));
    findings
        .results()
        .add(
            result(
                Goal.PROGRAMS_DEADLINE,
                figures,
                ProgramFigures::inTime,
                Math::max,
                // None in time counts as one a second, so that there is a ratio.
                (ours, best) -> ours / Math.max(best, 1)));
    return findings;
  }

  private static RaceTable<Side, ProgramFigures> table(Map<Side, List<ProgramFigures>> figures) {
    return new RaceTable<>(
        "program",
        Side.SPILLWAY,
        Side::words,
        List.of(
            new Column<>("results (1/s)", Better.MORE, ProgramFigures::goodput),
            new Column<>("within 1 s (1/s)", Better.MORE, ProgramFigures::inTime),
            new Column<>("CRITICAL p99 (ms)", Better.LESS, ProgramFigures::criticalP99),
            new Column<>("CRITICAL without a result", Better.LESS, ProgramFigures::criticalLost),
            new Column<>("unaccounted for", Better.LESS, ProgramFigures::unaccounted)),
        figures);
  }

  private static GoalResult result(
      Goal goal,
      Map<Side, List<ProgramFigures>> figures,
      ToDoubleFunction<ProgramFigures> figure,
      BinaryOperator<Double> better,
      BinaryOperator<Double> ratio) {
    List<ProgramFigures> ours = figures.get(Side.SPILLWAY);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      int of = round;
      double best =
          figures.entrySet().stream()
              .filter(side -> side.getKey() != Side.SPILLWAY)
              .map(side -> figure.applyAsDouble(side.getValue().get(of)))
              // Without a result there is no latency.
              .filter(value -> !Double.isNaN(value))
              .reduce(better)
              .orElse(Double.NaN);
      ratios.add(ratio.apply(figure.applyAsDouble(ours.get(round)), best));
    }
    Map<String, Double> bySide = new LinkedHashMap<>();
    figures.forEach((side, rounds) -> bySide.put(side.words(), Spread.of(rounds, figure).median()));
    return new GoalResult(goal, Spread.of(ratios), bySide);
  }
}
