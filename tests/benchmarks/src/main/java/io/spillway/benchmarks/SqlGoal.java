package io.spillway.benchmarks;

import io.spillway.benchmarks.query.QueryRuns;
import io.spillway.benchmarks.query.QueryRuns.Round;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** SQL: what a question asked in SQL does to the latency of CRITICAL events in overload. */
final class SqlGoal implements Measurement {
  /** Reads every event of the input and keeps a window per source. */
  private static final String QUESTION = "who_sends_most.sql";

  private final QueryRuns runs;
  private final Supplier<LocalCluster> cluster;

  SqlGoal(boolean quick, Supplier<LocalCluster> cluster) {
    this.runs = new QueryRuns(quick);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> rounds = runs.run(cluster.get(), QUESTION, progress);
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("without a query (ms)", Spread.of(rounds, Round::without).median());
    baselines.put("with the query (ms)", Spread.of(rounds, Round::with).median());
    baselines.put("while it starts (ms)", Spread.of(rounds, Round::starting).median());
    baselines.put("lines of its answer", Spread.of(rounds, Round::lines).median());
    Findings findings = new Findings();
    findings.results().add(new GoalResult(Goal.SQL, Spread.of(rounds, Round::ratio), baselines));
    findings.add(runs.onTime());
    return findings;
  }
}
