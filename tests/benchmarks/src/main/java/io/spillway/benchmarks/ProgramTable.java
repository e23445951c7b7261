package io.spillway.benchmarks;

import io.spillway.benchmarks.programs.ProgramFigures;
import io.spillway.benchmarks.programs.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The programs side by side, and first of all where one is better than ours. Medians. Pure. */
final class ProgramTable {
  private static final double TOLD_APART = 0.01;

  private final Map<Side, List<ProgramFigures>> figures;

  /** What is compared, one constant for each column. */
  private enum Column {
    GOODPUT("results (1/s)", 1, ProgramFigures::goodput),
    IN_TIME("within 1 s (1/s)", 1, ProgramFigures::inTime),
    CRITICAL_P99("CRITICAL p99 (ms)", -1, ProgramFigures::criticalP99),
    CRITICAL_LOST("CRITICAL without a result", -1, ProgramFigures::criticalLost),
    UNACCOUNTED("unaccounted for", -1, ProgramFigures::unaccounted);

    private final String words;
    private final int sign;
    private final ToDoubleFunction<ProgramFigures> figure;

    /**
     * @param sign positive where more is better
     */
    Column(String words, int sign, ToDoubleFunction<ProgramFigures> figure) {
      this.words = words;
      this.sign = sign;
      this.figure = figure;
    }
  }

  ProgramTable(Map<Side, List<ProgramFigures>> figures) {
    this.figures = figures;
  }

  /** Where a program is better than ours by more than 1 % of the larger figure, or that none is. */
  List<String> losses() {
    List<String> lines = new ArrayList<>();
    for (Column column : Column.values()) {
      double ours = median(Side.SPILLWAY, column);
      for (Side side : figures.keySet()) {
        double theirs = median(side, column);
        if (column.sign * (theirs - ours) > TOLD_APART * Math.max(theirs, ours)) {
          lines.add(
              "%s is better than Spillway: %s %s, Spillway %s"
                  .formatted(side.words(), column.words, Figures.text(theirs), Figures.text(ours)));
        }
      }
    }
    if (lines.isEmpty()) {
      lines.add("No program is better than Spillway in what was measured, by more than 1 %.");
    }
    return lines;
  }

  /** The rows of the table, its head first. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    for (Column column : Column.values()) {
      head.add(column.words);
    }
    rows.add(head);
    for (Side side : figures.keySet()) {
      List<String> row = new ArrayList<>(List.of(side.words()));
      for (Column column : Column.values()) {
        row.add(Figures.text(median(side, column)));
      }
      rows.add(row);
    }
    return rows;
  }

  private double median(Side side, Column column) {
    return Spread.of(figures.get(side), column.figure).median();
  }
}
