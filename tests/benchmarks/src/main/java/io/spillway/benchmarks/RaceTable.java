package io.spillway.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A race in words and as a table: where another side is better than ours, by more than {@value
 * #TOLD_APART_PERCENT} % of the larger figure, is said first. Medians over the rounds. Pure.
 *
 * @param kind what the others are called, such as "peer"
 * @param words the name of a side
 * @param figures of each round by side, in the order of the rows
 */
record RaceTable<S, F>(
    String kind,
    S ours,
    Function<S, String> words,
    List<Column<F>> columns,
    Map<S, List<F>> figures) {
  static final int TOLD_APART_PERCENT = 1;

  /** Whether a figure decides who is better, and how. */
  enum Better {
    MORE,
    LESS,
    /** It is shown and decides nothing. */
    NEITHER
  }

  /**
   * What is compared.
   *
   * @param never what is written for NaN where that means worse than any value; empty where it
   *     means that nothing is known
   */
  record Column<F>(String words, Better better, ToDoubleFunction<F> figure, String never) {
    Column(String words, Better better, ToDoubleFunction<F> figure) {
      this(words, better, figure, "");
    }

    private String text(double value) {
      return Double.isNaN(value) && !never.isEmpty() ? never : Figures.text(value);
    }

    private boolean isBetter(double theirs, double ours) {
      if (better == Better.NEITHER || Double.isNaN(theirs)) {
        return false;
      }
      if (Double.isNaN(ours)) {
        return !never.isEmpty();
      }
      double gain = better == Better.MORE ? theirs - ours : ours - theirs;
      return gain > TOLD_APART_PERCENT / 100.0 * Math.max(theirs, ours);
    }
  }

  /** Where another side is better than ours, or that none is. */
  List<String> losses() {
    List<String> lines = new ArrayList<>();
    for (Column<F> column : columns) {
      double own = median(ours, column);
      for (S side : figures.keySet()) {
        double theirs = median(side, column);
        if (!side.equals(ours) && column.isBetter(theirs, own)) {
          lines.add(
              "%s is better than Spillway: %s %s, Spillway %s"
                  .formatted(
                      words.apply(side), column.words(), column.text(theirs), column.text(own)));
        }
      }
    }
    if (lines.isEmpty()) {
      lines.add(
          "No %s is better than Spillway in what was measured, by more than %d %%."
              .formatted(kind, TOLD_APART_PERCENT));
    }
    return lines;
  }

  /** The rows of the table, its head first. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    columns.forEach(column -> head.add(column.words()));
    rows.add(head);
    for (S side : figures.keySet()) {
      List<String> row = new ArrayList<>(List.of(words.apply(side)));
      columns.forEach(column -> row.add(column.text(median(side, column))));
      rows.add(row);
    }
    return rows;
  }

  private double median(S side, Column<F> column) {
    return Spread.of(figures.get(side), column.figure()).median();
  }
}
