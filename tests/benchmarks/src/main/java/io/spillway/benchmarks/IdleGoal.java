package io.spillway.benchmarks;

import io.spillway.benchmarks.overload.IdleThroughput;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** M9: throughput of the job without overload, with everything on and bare. */
final class IdleGoal implements Measurement {
  private final IdleThroughput throughput;
  private final Supplier<LocalCluster> cluster;

  IdleGoal(boolean quick, Supplier<LocalCluster> cluster) {
    this.throughput = new IdleThroughput(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return throughput.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    IdleThroughput.Outcome outcome = throughput.run(cluster.get(), progress);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < outcome.bare().size(); round++) {
      ratios.add(outcome.spillway().get(round) / outcome.bare().get(round));
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("bare job (1/s)", Spread.of(outcome.bare()).median());
    baselines.put("everything on (1/s)", Spread.of(outcome.spillway()).median());
    Findings findings = new Findings();
    findings.results().add(new GoalResult(Goal.M9, Spread.of(ratios), baselines));
    return findings;
  }
}
