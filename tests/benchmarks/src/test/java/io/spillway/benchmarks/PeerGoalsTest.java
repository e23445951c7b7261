package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.benchmarks.peers.Peer;
import io.spillway.benchmarks.peers.PeerFigures;
import io.spillway.benchmarks.peers.PeerRuns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerGoalsTest {
  private static final PeerFigures OURS = new PeerFigures(495, 490, 30, 0, 0.8, 0, 0.3);
  private static final PeerFigures DAGOR = new PeerFigures(510, 49, 2000, 0, 0.4, 0, 6);

  @Test
  void saysFirstWhereAPeerIsBetterByMoreThanOnePercent() {
    assertThat(PeerGoals.table(outcome(DAGOR)).losses())
        .containsExactly("DAGOR is better than Spillway: results at 5x (1/s) 510, Spillway 495");
  }

  @Test
  void saysThatNoneIs() {
    PeerFigures close = new PeerFigures(499, 493, 29.8, 0, 0.8, 0, 0.3);
    assertThat(PeerGoals.table(outcome(close)).losses())
        .containsExactly("No peer is better than Spillway in what was measured, by more than 1 %.");
  }

  @Test
  void lessIsBetterForLatencyLossAndTimeToSettle() {
    PeerFigures better = new PeerFigures(400, 400, 20, 0, 0.1, 0, 0.1);
    assertThat(PeerGoals.table(outcome(better)).losses())
        .containsExactly(
            "DAGOR is better than Spillway: CRITICAL p99 at 5x (ms) 20, Spillway 30",
            "DAGOR is better than Spillway: settled at 1.4x after (s) 0.1, Spillway 0.3");
  }

  @Test
  void aSideThatNeverSettlesIsNotBetterAndIsSaidSo() {
    PeerFigures never = new PeerFigures(400, 0, Double.NaN, 9, 0, 0, Double.NaN);
    RaceTable<Peer, PeerFigures> table = PeerGoals.table(outcome(never));
    assertThat(table.losses().get(0)).startsWith("No peer");
    assertThat(table.rows().get(2))
        .containsExactly("DAGOR", "400", "0", "-", "9", "0", "0", "not in 24");
  }

  @Test
  void aPeerThatSettlesIsBetterThanUsIfWeNeverDo() {
    PeerFigures unsettled = new PeerFigures(495, 490, 30, 0, 0.8, 0, Double.NaN);
    Map<Peer, List<PeerFigures>> figures = new LinkedHashMap<>();
    figures.put(Peer.SPILLWAY, List.of(unsettled));
    figures.put(Peer.PID, List.of(OURS));
    assertThat(PeerGoals.table(new PeerRuns.Outcome(500, 24, figures)).losses())
        .containsExactly(
            "PID is better than Spillway: settled at 1.4x after (s) 0.3, Spillway not in 24");
  }

  @Test
  void ratiosAreThoseOfTheGoals() {
    Measurement.Findings findings =
        new PeerGoals(Set.of("M2@dagor", "M6@dagor"), true, () -> null).findings(outcome(DAGOR));
    assertThat(findings.results())
        .extracting(result -> result.goal().key(), result -> result.measured().median())
        .containsExactly(tuple("M2@dagor", 10.0), tuple("M6@dagor", 20.0));
    assertThat(findings.tables().get(0).rows()).hasSize(4);
  }

  @Test
  void whoDoesNotSettleHasNeededAllOfTheHold() {
    PeerFigures never = new PeerFigures(500, 49, 2000, 0, 0.4, 0, Double.NaN);
    Measurement.Findings findings =
        new PeerGoals(Set.of("M6@dagor"), true, () -> null).findings(outcome(never));
    GoalResult result = findings.results().get(0);
    assertThat(result.measured().median()).isEqualTo(80);
    assertThat(result.baselines()).containsEntry("DAGOR did not settle within (s)", 24.0);
  }

  private static PeerRuns.Outcome outcome(PeerFigures dagor) {
    Map<Peer, List<PeerFigures>> figures = new LinkedHashMap<>();
    figures.put(Peer.SPILLWAY, List.of(OURS));
    figures.put(Peer.DAGOR, List.of(dagor));
    figures.put(Peer.DAGOR_BOUNDED, List.of(OURS));
    return new PeerRuns.Outcome(500, 24, figures);
  }
}
