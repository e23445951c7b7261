package io.spillway.benchmarks;

import io.spillway.benchmarks.peers.Peer;
import io.spillway.benchmarks.peers.PeerFigures;
import io.spillway.benchmarks.peers.PeerRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The race in words and as a table: where another side is better than ours, by more than {@value
 * #TOLD_APART_PERCENT} % of the larger figure, is said first. Medians over the rounds. Pure.
 */
final class PeerTable {
  static final int TOLD_APART_PERCENT = 1;

  private final PeerRuns.Outcome outcome;

  /** What is compared, one constant for each column. */
  private enum Column {
    GOODPUT("results at 5x (1/s)", true, PeerFigures::goodput),
    IN_TIME("within 1 s (1/s)", true, PeerFigures::inTime),
    CRITICAL_P99("CRITICAL p99 at 5x (ms)", false, PeerFigures::criticalP99),
    CRITICAL_LOST("CRITICAL turned away", false, PeerFigures::criticalLost),
    SHED("turned away at 5x (%)", false, figures -> 100 * figures.shed()),
    SHED_CALM("turned away at 0.5x (%)", false, figures -> 100 * figures.shedCalm()),
    SETTLE("settled at 1.4x after (s)", false, PeerFigures::settleSeconds);

    private final String words;
    private final boolean more;
    private final ToDoubleFunction<PeerFigures> figure;

    Column(String words, boolean more, ToDoubleFunction<PeerFigures> figure) {
      this.words = words;
      this.more = more;
      this.figure = figure;
    }

    /** Who queues instead of shedding turns nothing away, and that is no merit. */
    private boolean decides() {
      return this != SHED;
    }
  }

  PeerTable(PeerRuns.Outcome outcome) {
    this.outcome = outcome;
  }

  /** Where another side is better than ours, or that none is. */
  List<String> losses() {
    List<String> lines = new ArrayList<>();
    for (Column column : Column.values()) {
      double ours = median(Peer.SPILLWAY, column);
      for (Peer peer : outcome.figures().keySet()) {
        double theirs = median(peer, column);
        if (peer != Peer.SPILLWAY && column.decides() && isBetter(column, theirs, ours)) {
          lines.add(
              "%s is better than Spillway: %s %s, Spillway %s"
                  .formatted(peer.words(), column.words, Figures.text(theirs), text(column, ours)));
        }
      }
    }
    if (lines.isEmpty()) {
      lines.add("No peer is better than Spillway in what was measured, by more than 1 %.");
    }
    return lines;
  }

  private static boolean isBetter(Column column, double theirs, double ours) {
    if (Double.isNaN(theirs) || Double.isNaN(ours)) {
      return !Double.isNaN(theirs) && column == Column.SETTLE;
    }
    double margin = TOLD_APART_PERCENT / 100.0 * Math.max(theirs, ours);
    return column.more ? theirs > ours + margin : theirs < ours - margin;
  }

  /** The rows of the table, its head first. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    for (Column column : Column.values()) {
      head.add(column.words);
    }
    rows.add(head);
    for (Peer peer : outcome.figures().keySet()) {
      List<String> row = new ArrayList<>(List.of(peer.words()));
      for (Column column : Column.values()) {
        row.add(text(column, median(peer, column)));
      }
      rows.add(row);
    }
    return rows;
  }

  private String text(Column column, double value) {
    return column == Column.SETTLE && Double.isNaN(value)
        ? "not in " + Figures.text(outcome.holdSeconds())
        : Figures.text(value);
  }

  private double median(Peer peer, Column column) {
    return Spread.of(outcome.figures().get(peer), column.figure).median();
  }
}
