package io.spillway.benchmarks;

import io.spillway.benchmarks.loads.LoadShape;
import io.spillway.benchmarks.loads.ShapeFigures;
import io.spillway.benchmarks.loads.ShapeRuns;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** LOADS: what holds under loads of other shapes than a step; of each round the worst shape. */
final class ShapeGoals implements Measurement {
  private final ShapeRuns runs;
  private final Supplier<LocalCluster> cluster;

  ShapeGoals(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new ShapeRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    Map<LoadShape, List<ShapeFigures>> figures = runs.run(cluster.get(), progress);
    Findings findings = new Findings();
    findings
        .results()
        .addAll(
            List.of(
                result(Goal.LOADS_GOODPUT, figures, ShapeFigures::goodput, Math::min),
                result(Goal.LOADS_CRITICAL, figures, ShapeFigures::criticalRatio, Math::max),
                result(Goal.LOADS_LOST, figures, ShapeGoals::lost, Math::max)));
    figures.forEach(
        (shape, rounds) ->
            findings
                .notes()
                .add(
                    new Note(
                        "CRITICAL p99, " + shape.title(),
                        Spread.of(rounds, ShapeFigures::criticalMillis),
                        "ms")));
    findings.add(runs.onTime());
    return findings;
  }

  private static double lost(ShapeFigures figures) {
    return Math.max(figures.criticalLost(), figures.unaccounted());
  }

  private static GoalResult result(
      Goal goal,
      Map<LoadShape, List<ShapeFigures>> figures,
      ToDoubleFunction<ShapeFigures> figure,
      BinaryOperator<Double> worse) {
    Map<String, Double> byShape = new LinkedHashMap<>();
    figures.forEach(
        (shape, rounds) -> byShape.put(shape.title(), Spread.of(rounds, figure).median()));
    List<Double> worst = new ArrayList<>();
    for (int round = 0; round < figures.get(LoadShape.STEP).size(); round++) {
      int of = round;
      worst.add(
          figures.values().stream()
              .map(rounds -> figure.applyAsDouble(rounds.get(of)))
              .reduce(worse)
              .orElseThrow());
    }
    return new GoalResult(goal, Spread.of(worst), byShape);
  }
}
