package io.spillway.benchmarks;

import io.spillway.benchmarks.overload.CheckpointRuns;
import io.spillway.benchmarks.overload.CheckpointRuns.Figures;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** M16: whether checkpoints take longer under overload. */
final class CheckpointGoal implements Measurement {
  private final CheckpointRuns runs;
  private final Supplier<LocalCluster> cluster;

  CheckpointGoal(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new CheckpointRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    CheckpointRuns.Outcome outcome = runs.run(cluster.get(), progress);
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("plain Flink", Spread.of(outcome.plain(), Figures::ratio).median());
    baselines.put(
        "plain Flink at 5x (ms)", Spread.of(outcome.plain(), Figures::overloadMillis).median());
    baselines.put(
        "Spillway at 5x (ms)", Spread.of(outcome.spillway(), Figures::overloadMillis).median());
    baselines.put(
        "Spillway at 0.5x (ms)", Spread.of(outcome.spillway(), Figures::calmMillis).median());
    Findings findings = new Findings();
    findings
        .results()
        .add(new GoalResult(Goal.M16, Spread.of(outcome.spillway(), Figures::ratio), baselines));
    findings.add(runs.onTime());
    return findings;
  }
}
