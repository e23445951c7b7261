package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.Cost;
import io.spillway.benchmarks.cost.CostRun;
import io.spillway.benchmarks.cost.LedgerCost;
import io.spillway.benchmarks.replay.DeferredRange;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * LEDGER and REPLAY: what it costs to remember what was deferred, and how fast it is read again.
 *
 * <p>The throughput tax of the ledger is far below what two runs of a job differ by, so it is put
 * together from what can be measured: the nanoseconds of a single event in the ledger, five of them
 * for one that is processed, against the time that the plain job takes for one event where nothing
 * but the processor limits it. That is more than the ledger can cost: the job of an overload also
 * has the five events to read and to decide on.
 */
final class LedgerGoals implements Measurement {
  private static final double NANOS = 1e9;
  private static final double MILLION = 1e6;
  private static final String OPERATION = "ledgerOfOneEvent";

  private final boolean ledger;
  private final boolean replay;
  private final int rounds;
  private final CostRun cost;
  private final DeferredRange backlog;
  private final Supplier<LocalCluster> cluster;

  /**
   * @param ids the goals that are asked for
   */
  LedgerGoals(Set<String> ids, boolean quick, Supplier<LocalCluster> cluster) {
    this.ledger = ids.contains("LEDGER");
    this.replay = ids.contains("REPLAY");
    this.rounds = quick ? 1 : 3;
    this.cost = new CostRun(quick);
    this.backlog = new DeferredRange(quick, replay);
    this.cluster = cluster;
  }

  @Override
  public double seconds() {
    return (ledger ? rounds * cost.seconds() : 0) + backlog.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = new Findings();
    List<Cost> costs = new ArrayList<>();
    for (int round = 1; ledger && round <= rounds; round++) {
      progress.say("cost, round %d of %d: ledger".formatted(round, rounds));
      costs.add(cost.of(LedgerCost.class, OPERATION));
    }
    DeferredRange.Outcome outcome = backlog.run(cluster.get(), progress);
    if (ledger) {
      findings.results().add(bytes(outcome));
      findings.results().add(tax(costs, outcome));
    }
    if (replay) {
      findings.results().add(rate(outcome));
    }
    return findings;
  }

  private static GoalResult bytes(DeferredRange.Outcome outcome) {
    double millions = outcome.events() / MILLION;
    Map<String, Double> beside = new LinkedHashMap<>();
    beside.put("a million events themselves, compressed (B)", outcome.inputBytes() / millions);
    beside.put("share of events deferred", outcome.deferred() / (double) outcome.events());
    beside.put("bits an event, ledger", 8 * outcome.ledgerBytes() / (double) outcome.events());
    return new GoalResult(
        Goal.LEDGER_BYTES, Spread.of(List.of(outcome.ledgerBytes() / millions)), beside);
  }

  private static GoalResult tax(List<Cost> costs, DeferredRange.Outcome outcome) {
    double plainNanos =
        DeferredRange.WORKERS * NANOS / Spread.of(outcome.plainPerSecond()).median();
    Map<String, Double> beside = new LinkedHashMap<>();
    beside.put(
        "ledger, one event (ns)", Spread.of(costs.stream().map(Cost::nanos).toList()).median());
    beside.put("plain job, one event of a subtask (ns)", plainNanos);
    return new GoalResult(
        Goal.LEDGER_TAX,
        Spread.of(costs.stream().map(c -> DeferredRange.FACTOR * c.nanos() / plainNanos).toList()),
        beside);
  }

  private static GoalResult rate(DeferredRange.Outcome outcome) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < outcome.plainPerSecond().size(); round++) {
      ratios.add(outcome.replayPerSecond().get(round) / outcome.plainPerSecond().get(round));
    }
    Map<String, Double> beside = new LinkedHashMap<>();
    beside.put("plain job (1/s)", Spread.of(outcome.plainPerSecond()).median());
    beside.put("replay (1/s)", Spread.of(outcome.replayPerSecond()).median());
    beside.put(
        "time for the range: plain / replay",
        Spread.of(ratios).median() * outcome.events() / outcome.deferred());
    return new GoalResult(Goal.REPLAY_RATE, Spread.of(ratios), beside);
  }
}
