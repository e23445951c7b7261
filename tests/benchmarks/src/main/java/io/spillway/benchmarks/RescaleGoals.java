package io.spillway.benchmarks;

import io.spillway.benchmarks.elastic.RescaleRuns;
import io.spillway.benchmarks.elastic.RescaleRuns.Outcome;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * RESCALE: what a change of scale costs with the settings of {@code flink-conf/}, against others.
 * Prints the table of {@code flink-conf/README.md}.
 */
final class RescaleGoals implements Measurement {
  private static final List<String> HEADER =
      List.of(
          "| setting | one more: used after | without results | several at once, in pieces | one killed | one stopped |",
          "|---|---|---|---|---|---|");

  private final RescaleRuns runs;

  RescaleGoals(ClusterSpec bench, boolean quick) {
    this.runs = new RescaleRuns(bench, quick);
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Outcome> outcomes = runs.run(progress, outcome -> progress.say(row(outcome)));
    HEADER.forEach(progress::say);
    outcomes.forEach(outcome -> progress.say(row(outcome)));
    Findings findings = new Findings();
    findings.results().add(result(Goal.RESCALE_OUT, outcomes, Outcome::out));
    findings.results().add(result(Goal.RESCALE_IN, outcomes, Outcome::in));
    findings.results().add(result(Goal.RESCALE_KILL, outcomes, Outcome::killed));
    findings.add(runs.onTime());
    return findings;
  }

  /** Markdown: medians, and in brackets from what to what. */
  static String row(Outcome outcome) {
    return "| %s | %s | %s | %.1f s in %d | %s | %s |"
        .formatted(
            outcome.setting().name(),
            text(outcome.used()),
            text(outcome.out()),
            outcome.atOnce(),
            outcome.interruptions(),
            text(outcome.killed()),
            text(outcome.in()));
  }

  private static String text(List<Double> seconds) {
    if (seconds.isEmpty()) {
      return "";
    }
    Spread spread = Spread.of(seconds);
    return "%.1f s (%.1f..%.1f)".formatted(spread.median(), spread.min(), spread.max());
  }

  private static GoalResult result(
      Goal goal, List<Outcome> outcomes, Function<Outcome, List<Double>> figure) {
    Map<String, Double> others = new LinkedHashMap<>();
    outcomes.stream()
        .skip(1)
        .filter(o -> !figure.apply(o).isEmpty())
        .forEach(o -> others.put(o.setting().name(), Spread.of(figure.apply(o)).median()));
    return new GoalResult(goal, Spread.of(figure.apply(outcomes.get(0))), others);
  }
}
