package io.spillway.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.sandbox.report.Page;
import java.util.List;
import java.util.StringJoiner;

/** The results as one HTML file that opens without a network. */
final class BenchPage {
  private static final String STYLE =
      "th,td{text-align:left;vertical-align:top;white-space:normal}td.n{text-align:right}"
          + ".below{color:var(--critical);font-weight:600}";

  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchPage() {}

  static String of(Measurement.Findings findings, BenchRun run) {
    return new Page(
            "Spillway benchmarks",
            body(findings, run),
            data(findings.plots()),
            Page.resource(BenchPage.class, "bench.js"))
        .html();
  }

  private static ObjectNode data(List<Measurement.Plot> plots) {
    ObjectNode data = JSON.createObjectNode();
    ArrayNode array = data.putArray("plots");
    for (Measurement.Plot plot : plots) {
      ObjectNode object = array.addObject();
      object.put("title", plot.title()).put("xName", plot.xName()).put("log", plot.log());
      object.set("x", JSON.valueToTree(plot.x()));
      ArrayNode lines = object.putArray("lines");
      plot.lines()
          .forEach(
              (label, values) ->
                  lines.addObject().put("label", label).set("values", JSON.valueToTree(values)));
    }
    return data;
  }

  private static String body(Measurement.Findings findings, BenchRun run) {
    List<GoalResult> results = findings.results();
    List<Measurement.Note> notes = findings.notes();
    StringJoiner page = new StringJoiner("\n");
    page.add("<style>" + STYLE + "</style><main>")
        .add("<h1>Spillway benchmarks</h1><p>" + Page.text(words(run)) + "</p>");
    findings.first().forEach(line -> page.add("<p><b>" + Page.text(line) + "</b></p>"));
    page.add("<table>")
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
    findings.tables().forEach(table -> page.add(table(table)));
    return page.add("<div id=\"plots\"></div></main>").toString();
  }

  private static String words(BenchRun run) {
    return "%s; %s; %s, commit %s"
        .formatted(run.machine().words(), run.versions().words(), run.at(), run.commit());
  }

  private static String table(Measurement.Table table) {
    StringJoiner html = new StringJoiner("\n");
    html.add("<h2>" + Page.text(table.title()) + "</h2><table>");
    for (List<String> row : table.rows()) {
      StringJoiner cells = new StringJoiner("", "<tr>", "</tr>");
      String cell = row == table.rows().get(0) ? "<th>" : "<td>";
      row.forEach(text -> cells.add(cell + Page.text(text)));
      html.add(cells.toString());
    }
    return html.add("</table>").toString();
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
