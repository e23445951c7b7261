package io.spillway.benchmarks;

import io.spillway.benchmarks.fairness.FairnessRuns;
import io.spillway.benchmarks.fairness.FairnessRuns.Round;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** M14: how evenly sources are served when one of them sends far too much. */
final class FairnessGoal implements Measurement {
  private final FairnessRuns runs;
  private final Supplier<LocalCluster> cluster;

  FairnessGoal(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new FairnessRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> rounds = runs.run(cluster.get(), progress);
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put(
        "within one partition, the lowest", Spread.of(rounds, Round::fairWithin).median());
    baselines.put(
        "sources of the fullest of the partitions",
        Spread.of(rounds, Round::mostInAPartition).median());
    baselines.put("without fair shares", Spread.of(rounds, Round::plain).median());
    baselines.put("share of the noisy source", Spread.of(rounds, Round::fairMost).median());
    baselines.put("its share without", Spread.of(rounds, Round::plainMost).median());
    Findings findings = new Findings();
    findings.results().add(new GoalResult(Goal.M14, Spread.of(rounds, Round::fair), baselines));
    findings.add(runs.onTime());
    return findings;
  }
}
