package io.spillway.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The results as a table in plain text, and below it what no goal is set for. */
final class BenchTable {
  private static final List<String> HEADER =
      List.of("goal", "measured", "min .. max", "floor", "target", "unit", "", "what");

  private BenchTable() {}

  static void print(List<GoalResult> results, List<Measurement.Note> notes, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (GoalResult result : results) {
      Goal goal = result.goal();
      rows.add(
          List.of(
              goal.key(),
              Figures.text(result.measured().median()),
              range(result.measured()),
              Figures.text(goal.floor()),
              Figures.text(goal.target()),
              goal.unit(),
              result.standing().words(),
              goal.what()));
      result.baselines().forEach((name, value) -> rows.add(baseline(name, Figures.text(value))));
    }
    printRows(rows, out);
    if (!notes.isEmpty()) {
      out.println();
      out.println("also measured");
      List<List<String>> also = new ArrayList<>();
      notes.forEach(
          note ->
              also.add(
                  List.of(
                      "",
                      Figures.text(note.measured().median()),
                      range(note.measured()),
                      note.unit(),
                      note.what())));
      printRows(also, out);
    }
    out.flush();
  }

  /** Figures side by side. */
  static void print(Measurement.Table table, PrintWriter out) {
    out.println();
    out.println(table.title());
    printRows(table.rows(), out);
    out.flush();
  }

  private static List<String> baseline(String name, String value) {
    return List.of("", value, "", "", "", "", "", "  against: " + name);
  }

  private static String range(Spread spread) {
    return Figures.text(spread.min()) + " .. " + Figures.text(spread.max());
  }

  private static void printRows(List<List<String>> rows, PrintWriter out) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
