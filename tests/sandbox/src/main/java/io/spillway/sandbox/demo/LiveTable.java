package io.spillway.sandbox.demo;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.JobMetrics;
import io.spillway.sandbox.measure.LiveRow;
import io.spillway.sandbox.measure.LiveRow.PriorityRow;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Shows what is running: on a terminal a table that is drawn again in place, elsewhere one line for
 * each row. Not thread safe.
 */
public final class LiveTable implements Consumer<LiveRow> {
  private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";

  private final PrintWriter out;
  private final boolean isTerminal;
  private final String passed;
  private int drawn;

  /**
   * @param passed what the events are called that were not turned away: results, admitted
   */
  public LiveTable(PrintWriter out, boolean isTerminal, String passed) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.passed = passed;
  }

  /** A table for whatever this process prints to. */
  public static LiveTable on(PrintWriter out, String passed) {
    boolean isDumb = "dumb".equals(System.getenv("TERM"));
    return new LiveTable(out, System.console() != null && !isDumb, passed);
  }

  @Override
  public void accept(LiveRow row) {
    if (isTerminal) {
      if (drawn > 0) {
        out.print(UP_AND_CLEAR.formatted(drawn));
      }
      List<String> lines = table(row);
      lines.forEach(out::println);
      drawn = lines.size();
    } else {
      out.println(line(row));
    }
    out.flush();
  }

  /** Leaves what is drawn where it is; the next table begins below it. */
  public void leave() {
    drawn = 0;
  }

  /** A line above the table. */
  public void say(String line) {
    if (drawn > 0) {
      out.print(UP_AND_CLEAR.formatted(drawn));
      drawn = 0;
    }
    out.println(line);
    out.flush();
  }

  private String line(LiveRow row) {
    PriorityRow critical = row.priorities().get(Priority.CRITICAL);
    StringBuilder line =
        new StringBuilder(
            Figures.format(
                "%-11s %4d s %-9s offered %7s/s  %s %6s/s  shed %7s/s  deferred %7s/s"
                    + "  critical p50 %7s p99 %7s",
                row.title(),
                row.elapsed().toSeconds(),
                row.stage(),
                Figures.count(row.offeredPerSecond()),
                passed,
                Figures.count(row.deliveredPerSecond()),
                Figures.count(row.shedPerSecond()),
                Figures.count(row.deferredPerSecond()),
                Figures.millis(critical.p50Millis()),
                Figures.millis(critical.p99Millis())));
    if (row.waiting() >= 0) {
      line.append(Figures.format("  waiting %9s", Figures.count(row.waiting())));
    }
    return line.append(state(row.metrics())).toString();
  }

  private List<String> table(LiveRow row) {
    List<String> lines = new ArrayList<>();
    String waiting =
        row.waiting() < 0 ? "" : "   waiting " + Figures.count(row.waiting()) + " events";
    lines.add("");
    lines.add(
        Figures.format(
            "%s   %s   %d s%s", row.title(), row.stage(), row.elapsed().toSeconds(), waiting));
    lines.add(
        Figures.format(
            "  %-10s%12s%12s%12s%12s%11s%11s%8s",
            "", "offered/s", passed + "/s", "shed/s", "deferred/s", "p50", "p99", "keep"));
    row.priorities().forEach((priority, figures) -> lines.add(priority(priority, figures, row)));
    if (!row.metrics().laneFill().isEmpty()) {
      lines.add("  lane fill" + lanes(row.metrics()));
    }
    return lines;
  }

  private static String priority(Priority priority, PriorityRow figures, LiveRow row) {
    return Figures.format(
        "  %-10s%12s%12s%12s%12s%11s%11s%8s",
        priority.wireName(),
        Figures.count(figures.offeredPerSecond()),
        Figures.count(figures.deliveredPerSecond()),
        Figures.count(figures.shedPerSecond()),
        Figures.count(figures.deferredPerSecond()),
        Figures.millis(figures.p50Millis()),
        Figures.millis(figures.p99Millis()),
        Figures.share(row.metrics().keep().getOrDefault(priority, Double.NaN)));
  }

  private static String lanes(JobMetrics metrics) {
    StringBuilder lanes = new StringBuilder();
    metrics
        .laneFill()
        .forEach(
            (lane, fill) ->
                lanes.append("  ").append(lane).append(' ').append(Figures.share(fill)));
    return lanes.toString();
  }

  private static String state(JobMetrics metrics) {
    StringBuilder state = new StringBuilder();
    if (!metrics.laneFill().isEmpty()) {
      state.append("  fill").append(lanes(metrics));
    }
    if (!metrics.keep().isEmpty()) {
      state.append("  keep ");
      state.append(String.join("/", metrics.keep().values().stream().map(Figures::share).toList()));
    }
    return state.toString();
  }
}
