package io.spillway.benchmarks;

import io.spillway.benchmarks.fairness.FloodRuns;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** M15: whether the least important events keep their floor when important ones are a flood. */
final class FloodGoal implements Measurement {
  private final FloodRuns runs;
  private final Supplier<LocalCluster> cluster;

  FloodGoal(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new FloodRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Double> ratios =
        runs.run(cluster.get(), progress).stream().map(share -> share / FloodRuns.FLOOR).toList();
    Findings findings = new Findings();
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M15,
                Spread.of(ratios.stream().map(ratio -> Math.abs(ratio - 1)).toList()),
                Map.of("share / floor", Spread.of(ratios).median())));
    findings.add(runs.onTime());
    return findings;
  }
}
