package io.spillway.benchmarks;

import io.spillway.benchmarks.RaceTable.Better;
import io.spillway.benchmarks.RaceTable.Column;
import io.spillway.benchmarks.peers.Peer;
import io.spillway.benchmarks.peers.PeerFigures;
import io.spillway.benchmarks.peers.PeerRuns;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * M2@dagor, M6@dagor and the race against all peers, on the local cluster. A ratio is taken within
 * a round; DAGOR is the one of the paper, and the one behind our lane gate stands beside it.
 */
final class PeerGoals implements Measurement {
  /** Time to settle is told in steps of this, and none at all is one of them. */
  private static final double RESOLUTION_SECONDS = 0.1;

  private static final Map<Peer, Goal> RACE =
      Map.of(
          Peer.PLAIN, Goal.PEERS_PLAIN,
          Peer.RANDOM, Goal.PEERS_RANDOM,
          Peer.DAGOR_BOUNDED, Goal.PEERS_DAGOR_BOUNDED,
          Peer.CODEL, Goal.PEERS_CODEL,
          Peer.PID, Goal.PEERS_PID);

  private final Set<String> ids;
  private final PeerRuns runs;
  private final Supplier<LocalCluster> cluster;

  PeerGoals(Set<String> ids, boolean quick, Supplier<LocalCluster> cluster) {
    this.ids = ids;
    this.runs =
        new PeerRuns(
            quick,
            ids.contains("PEERS")
                ? EnumSet.allOf(Peer.class)
                : EnumSet.of(Peer.SPILLWAY, Peer.DAGOR, Peer.DAGOR_BOUNDED));
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

  Findings findings(PeerRuns.Outcome outcome) {
    Findings findings = new Findings();
    RaceTable<Peer, PeerFigures> table = table(outcome);
    findings.first().addAll(table.losses());
    findings
        .tables()
        .add(
            new Table(
                "peers at 5x and 1.4x the capacity (%s/s)"
                    .formatted(Figures.text(outcome.capacityPerSecond())),
                table.rows()));
    if (ids.contains(Goal.M2_DAGOR.id())) {
      findings.results().add(inTime(Goal.M2_DAGOR, Peer.DAGOR, outcome, true));
    }
    if (ids.contains(Goal.M6_DAGOR.id())) {
      findings.results().add(settle(outcome));
    }
    outcome.figures().keySet().stream()
        .filter(peer -> ids.contains("PEERS") && RACE.containsKey(peer))
        .forEach(peer -> findings.results().add(inTime(RACE.get(peer), peer, outcome, false)));
    return findings;
  }

  static RaceTable<Peer, PeerFigures> table(PeerRuns.Outcome outcome) {
    return new RaceTable<>(
        "peer",
        Peer.SPILLWAY,
        Peer::words,
        List.of(
            new Column<>("results at 5x (1/s)", Better.MORE, PeerFigures::goodput),
            new Column<>("within 1 s (1/s)", Better.MORE, PeerFigures::inTime),
            new Column<>("CRITICAL p99 at 5x (ms)", Better.LESS, PeerFigures::criticalP99),
            new Column<>("CRITICAL turned away", Better.LESS, PeerFigures::criticalLost),
            // Who queues instead of shedding turns nothing away, and that is no merit.
            new Column<>("turned away at 5x (%)", Better.NEITHER, f -> 100 * f.shed()),
            new Column<>("turned away at 0.5x (%)", Better.LESS, f -> 100 * f.shedCalm()),
            new Column<>(
                "settled at 1.4x after (s)",
                Better.LESS,
                PeerFigures::settleSeconds,
                "not in " + Figures.text(outcome.holdSeconds()))),
        outcome.figures());
  }

  /** None in time counts as one a second, so that there is a ratio. */
  private static GoalResult inTime(
      Goal goal, Peer peer, PeerRuns.Outcome outcome, boolean withBounded) {
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("Spillway (1/s)", median(outcome, Peer.SPILLWAY, PeerFigures::inTime));
    baselines.put(peer.words() + " (1/s)", median(outcome, peer, PeerFigures::inTime));
    if (withBounded) {
      baselines.put(
          Peer.DAGOR_BOUNDED.words() + " (1/s)",
          median(outcome, Peer.DAGOR_BOUNDED, PeerFigures::inTime));
    }
    return new GoalResult(
        goal,
        ratio(outcome, peer, (ours, theirs) -> ours.inTime() / Math.max(theirs.inTime(), 1)),
        baselines);
  }

  /** Who does not settle in the hold has needed at least all of it. */
  private static GoalResult settle(PeerRuns.Outcome outcome) {
    Map<String, Double> baselines = new LinkedHashMap<>();
    for (Peer peer : List.of(Peer.SPILLWAY, Peer.DAGOR, Peer.DAGOR_BOUNDED)) {
      baselines.put(
          peer.words() + " (s)", median(outcome, peer, figures -> settled(figures, outcome)));
    }
    boolean never =
        outcome.figures().get(Peer.DAGOR).stream().anyMatch(f -> Double.isNaN(f.settleSeconds()));
    if (never) {
      baselines.put("DAGOR did not settle within (s)", outcome.holdSeconds());
    }
    return new GoalResult(
        Goal.M6_DAGOR,
        ratio(
            outcome,
            Peer.DAGOR,
            (ours, theirs) -> settled(theirs, outcome) / settled(ours, outcome)),
        baselines);
  }

  private static double settled(PeerFigures figures, PeerRuns.Outcome outcome) {
    return Double.isNaN(figures.settleSeconds())
        ? outcome.holdSeconds()
        : Math.max(figures.settleSeconds(), RESOLUTION_SECONDS);
  }

  private static Spread ratio(
      PeerRuns.Outcome outcome, Peer peer, BiFunction<PeerFigures, PeerFigures, Double> ratio) {
    List<PeerFigures> ours = outcome.figures().get(Peer.SPILLWAY);
    List<PeerFigures> theirs = outcome.figures().get(peer);
    List<Double> rounds = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      rounds.add(ratio.apply(ours.get(i), theirs.get(i)));
    }
    return Spread.of(rounds);
  }

  private static double median(
      PeerRuns.Outcome outcome, Peer peer, ToDoubleFunction<PeerFigures> of) {
    return Spread.of(outcome.figures().get(peer), of).median();
  }
}
