package io.spillway.benchmarks;

import io.spillway.benchmarks.edge.EdgeRuns;
import io.spillway.benchmarks.edge.EdgeRuns.Round;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** EDGE: how much less is turned away when the producer heeds what the job can take. */
final class EdgeGoals implements Measurement {
  private final EdgeRuns runs;
  private final Supplier<LocalCluster> cluster;

  EdgeGoals(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new EdgeRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> rounds = runs.run(cluster.get(), progress);
    Map<String, Double> shed = new LinkedHashMap<>();
    shed.put(
        "turned away, heedless",
        Spread.of(rounds, round -> round.heedless().turnedAwayShare()).median());
    shed.put(
        "turned away, following",
        Spread.of(rounds, round -> round.following().turnedAwayShare()).median());
    shed.put(
        "sent / would be sent, following",
        Spread.of(rounds, round -> (double) round.following().sent() / round.following().wanted())
            .median());
    Map<String, Double> goodput = new LinkedHashMap<>();
    goodput.put(
        "heedless (1/s)",
        Spread.of(rounds, round -> round.heedless().deliveredPerSecond()).median());
    goodput.put(
        "following (1/s)",
        Spread.of(rounds, round -> round.following().deliveredPerSecond()).median());
    Findings findings = new Findings();
    findings
        .results()
        .add(
            new GoalResult(
                Goal.EDGE_SHED,
                Spread.of(
                    rounds,
                    round ->
                        round.following().turnedAwayShare() / round.heedless().turnedAwayShare()),
                shed));
    findings
        .results()
        .add(
            new GoalResult(
                Goal.EDGE_GOODPUT,
                Spread.of(
                    rounds,
                    round ->
                        round.following().deliveredPerSecond()
                            / round.heedless().deliveredPerSecond()),
                goodput));
    findings.add(runs.onTime());
    return findings;
  }
}
