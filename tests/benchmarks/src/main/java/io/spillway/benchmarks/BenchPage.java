package io.spillway.benchmarks;

import io.spillway.sandbox.report.Page;
import java.util.List;
import java.util.StringJoiner;

/** The results as one HTML file that opens without a network. */
final class BenchPage {
  private static final String STYLE =
      "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222}"
          + "table{border-collapse:collapse}th,td{padding:.35rem .8rem;text-align:left;"
          + "border-bottom:1px solid #ddd;vertical-align:top}td.n{text-align:right;"
          + "font-variant-numeric:tabular-nums}.below{color:#b00020;font-weight:600}";

  private BenchPage() {}

  static String of(List<GoalResult> results, List<Measurement.Note> notes, String machine) {
    StringJoiner page = new StringJoiner("\n");
    page.add("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .add("<title>Spillway benchmarks</title><style>" + STYLE + "</style></head><body>")
        .add("<h1>Spillway benchmarks</h1><p>" + Page.text(machine) + "</p><table>")
        .add("<tr><th>goal<th>what<th>measured<th>min<th>max<th>floor<th>target<th>unit<th></tr>");
    for (GoalResult result : results) {
      page.add(row(result));
    }
    page.add("</table>");
    if (!notes.isEmpty()) {
      page.add("<h2>Also measured</h2><table>");
      for (Measurement.Note note : notes) {
        page.add(
            "<tr><td>%s%s%s%s<td>%s</tr>"
                .formatted(
                    Page.text(note.what()),
                    number(note.measured().median()),
                    number(note.measured().min()),
                    number(note.measured().max()),
                    Page.text(note.unit())));
      }
      page.add("</table>");
    }
    return page.add("</body></html>\n").toString();
  }

  private static String row(GoalResult result) {
    Goal goal = result.goal();
    StringJoiner what = new StringJoiner("<br>").add(Page.text(goal.what()));
    result
        .baselines()
        .forEach(
            (name, value) -> what.add("against " + Page.text(name) + ": " + Figures.text(value)));
    boolean below = result.isBelowFloor();
    return "<tr><td>%s<td>%s%s%s%s%s%s<td>%s<td%s>%s</tr>"
        .formatted(
            goal.key(),
            what,
            number(result.measured().median()),
            number(result.measured().min()),
            number(result.measured().max()),
            number(goal.floor()),
            number(goal.target()),
            Page.text(goal.unit()),
            below ? " class=\"below\"" : "",
            result.standing().words());
  }

  private static String number(double value) {
    return "<td class=\"n\">" + Figures.text(value);
  }
}
