package io.spillway.benchmarks;

import io.spillway.benchmarks.overload.OverloadFigures;
import io.spillway.benchmarks.overload.OverloadPlan;
import io.spillway.benchmarks.overload.OverloadRuns;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * M1, M3, M4, M6 and M7: plain Flink and Spillway in overload on the local cluster. All figures of
 * a round come from the same two runs; a ratio is taken within a round.
 */
final class OverloadGoals implements Measurement {
  /** Goals that are held against plain Flink. */
  private static final Set<String> AGAINST_PLAIN = Set.of("M1", "M3", "M4");

  private final Set<String> ids;
  private final OverloadRuns runs;
  private final Supplier<LocalCluster> cluster;

  OverloadGoals(Set<String> ids, boolean quick, Supplier<LocalCluster> cluster) {
    this.ids = ids;
    this.runs = new OverloadRuns(quick, ids.stream().anyMatch(AGAINST_PLAIN::contains));
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    OverloadRuns.Outcome outcome = runs.run(cluster.get(), progress);
    Findings all = new Findings();
    all.results().addAll(results(outcome));
    all.results().removeIf(result -> !ids.contains(result.goal().id()));
    all.notes().addAll(notes(outcome));
    all.add(runs.onTime());
    return all;
  }

  private List<GoalResult> results(OverloadRuns.Outcome outcome) {
    List<OverloadFigures> ours = outcome.spillway();
    List<OverloadFigures> plain = outcome.plain();
    ToDoubleFunction<OverloadFigures> p99 = run -> run.criticalP99(OverloadPlan.AT_10X);
    ToDoubleFunction<OverloadFigures> calm = run -> run.criticalP99(OverloadPlan.CALM);
    Map<String, Double> m3 = new LinkedHashMap<>();
    Map<String, Double> m4 = new LinkedHashMap<>();
    if (!plain.isEmpty()) {
      m3.put("plain Flink", median(plain, run -> p99.applyAsDouble(run) / calm.applyAsDouble(run)));
      m4.put("plain Flink at 10x (ms)", median(plain, p99));
      m4.put("plain Flink calm (ms)", median(plain, calm));
    }
    m3.put(
        "Spillway at 5x",
        median(ours, run -> run.criticalP99(OverloadPlan.AT_5X) / calm.applyAsDouble(run)));
    m3.put("wait for a worker by queueing alone, p99 at 10x (ms)", outcome.waitAt10x());
    m3.put("the same, calm (ms)", outcome.waitCalm());
    m4.put("Spillway at 10x (ms)", median(ours, p99));
    m4.put("Spillway calm (ms)", median(ours, calm));
    return List.of(
        goodput(Goal.M1_2X, OverloadPlan.AT_2X, outcome),
        goodput(Goal.M1_5X, OverloadPlan.AT_5X, outcome),
        goodput(Goal.M1_10X, OverloadPlan.AT_10X, outcome),
        result(Goal.M3, ours, run -> p99.applyAsDouble(run) / calm.applyAsDouble(run), m3),
        new GoalResult(Goal.M4, plain.isEmpty() ? NONE : ratio(plain, ours, p99), m4),
        result(
            Goal.M6,
            ours,
            run -> run.worstCriticalP99() / calm.applyAsDouble(run),
            Map.of("worst second (ms)", median(ours, OverloadFigures::worstCriticalP99))),
        result(Goal.M6_SETTLE, ours, OverloadFigures::settleSeconds, Map.of()),
        result(Goal.M7, ours, OverloadFigures::flapsPerMinute, Map.of()),
        result(Goal.M7_CLEAR, ours, OverloadFigures::clearSeconds, Map.of()));
  }

  private static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN);

  private static GoalResult goodput(Goal goal, String stage, OverloadRuns.Outcome outcome) {
    ToDoubleFunction<OverloadFigures> figure =
        run -> run.goodput(stage) / run.goodput(OverloadPlan.AT_1X);
    Map<String, Double> baselines = new LinkedHashMap<>();
    if (!outcome.plain().isEmpty()) {
      baselines.put("plain Flink", median(outcome.plain(), figure));
    }
    baselines.put("capacity of plain Flink (1/s)", outcome.capacityPerSecond());
    return result(goal, outcome.spillway(), figure, baselines);
  }

  private static List<Note> notes(OverloadRuns.Outcome outcome) {
    List<OverloadFigures> ours = outcome.spillway();
    return List.of(
        new Note("capacity", Spread.of(List.of(outcome.capacityPerSecond())), "1/s"),
        new Note("Spillway, goodput at 1x", goodput(ours, OverloadPlan.AT_1X), "1/s"),
        new Note("Spillway, goodput at 10x", goodput(ours, OverloadPlan.AT_10X), "1/s"),
        new Note(
            "Spillway, CRITICAL events without a result",
            spread(ours, OverloadFigures::criticalWithoutResult),
            "events"));
  }

  private static Spread goodput(List<OverloadFigures> runs, String stage) {
    return spread(runs, run -> run.goodput(stage));
  }

  private static GoalResult result(
      Goal goal,
      List<OverloadFigures> runs,
      ToDoubleFunction<OverloadFigures> figure,
      Map<String, Double> baselines) {
    return new GoalResult(goal, spread(runs, figure), baselines);
  }

  private static Spread spread(
      List<OverloadFigures> runs, ToDoubleFunction<OverloadFigures> figure) {
    return Spread.of(runs.stream().map(figure::applyAsDouble).toList());
  }

  private static double median(
      List<OverloadFigures> runs, ToDoubleFunction<OverloadFigures> figure) {
    return spread(runs, figure).median();
  }

  private static Spread ratio(
      List<OverloadFigures> over,
      List<OverloadFigures> under,
      ToDoubleFunction<OverloadFigures> figure) {
    return Spread.of(
        IntStream.range(0, over.size())
            .mapToObj(i -> figure.applyAsDouble(over.get(i)) / figure.applyAsDouble(under.get(i)))
            .toList());
  }
}
