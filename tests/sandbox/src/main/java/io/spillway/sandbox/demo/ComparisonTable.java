package io.spillway.sandbox.demo;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.StageResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The demo's result for a terminal: both variants side by side. */
final class ComparisonTable {
  private static final String LABEL = "  %-22s";
  private static final String THREE = "%10s%10s%10s";

  private final DemoResult result;
  private final PrintWriter out;

  private ComparisonTable(DemoResult result, PrintWriter out) {
    this.result = result;
    this.out = out;
  }

  static void print(DemoResult result, PrintWriter out) {
    new ComparisonTable(result, out).print();
  }

  private void print() {
    out.println();
    out.println(
        "%s: capacity %s events/s, overload %s times that; %d workers of %d us an event in both"
            .formatted(
                result.job(),
                Figures.count(result.capacityPerSecond()),
                Figures.times(result.overloadFactor()).replace(".0", ""),
                DemoPlan.WORKERS,
                DemoPlan.WORK_MICROS));
    out.println();
    heading("", "plain Flink", "Spillway");
    latency(Priority.CRITICAL);
    latency(Priority.HIGH);
    fates();
    rates("results per second", StageResult::goodputPerSecond);
    rates("  of them within 1 s", StageResult::timelyPerSecond);
    conservation();
    riskQuestions();
    out.println();
    out.println(result.sentence());
  }

  private void riskQuestions() {
    if (!result.riskQuestions().isEmpty()) {
      out.println();
      heading("risk service asked", asked(result.plain()), asked(result.spillway()));
    }
  }

  private String asked(RunResult run) {
    return Figures.count(result.riskQuestions().get(run.variant().name()));
  }

  private void heading(String label, String left, String right) {
    out.println(Figures.format(LABEL + "%30s  %30s", label, left, right));
  }

  private void latency(Priority priority) {
    List<String> titles = List.of("p50", "p99", "max");
    row(priority.wireName() + ", latency", titles, titles);
    for (String stage : stages()) {
      row(
          "  " + stage,
          latencies(result.plain(), priority, stage),
          latencies(result.spillway(), priority, stage));
    }
    out.println();
  }

  private static List<String> latencies(RunResult run, Priority priority, String stage) {
    var figures = run.of(priority, stage);
    return List.of(
        Figures.millis(figures.p50Millis()),
        Figures.millis(figures.p99Millis()),
        Figures.millis(figures.maxMillis()));
  }

  private void fates() {
    boolean defers = result.plain().conservation().deferred() > 0;
    defers |= result.spillway().conservation().deferred() > 0;
    List<String> titles =
        defers
            ? List.of("delivered", "shed", "deferred")
            : List.of("produced", "delivered", "shed");
    row("all stages", titles, titles);
    for (Priority priority : Priority.values()) {
      row(
          "  " + priority.wireName(),
          fates(result.plain(), priority, defers),
          fates(result.spillway(), priority, defers));
    }
    out.println();
  }

  /** Of three columns: what was deferred takes the place of what was produced, which is below. */
  private static List<String> fates(RunResult run, Priority priority, boolean defers) {
    double produced = run.accounts().produced(priority);
    long deferred = run.accounts().count(priority, Fate.DEFERRED);
    String delivered = Figures.percent(run.accounts().count(priority, Fate.DELIVERED) / produced);
    String shed = Figures.percent((run.accounts().rejected(priority) - deferred) / produced);
    return defers
        ? List.of(delivered, shed, Figures.percent(deferred / produced))
        : List.of(Figures.count(produced), delivered, shed);
  }

  private void rates(String title, ToDoubleFunction<StageResult> rate) {
    if (!title.startsWith(" ")) {
      row("", stages(), stages());
    }
    row(title, rates(result.plain(), rate), rates(result.spillway(), rate));
  }

  private static List<String> rates(RunResult run, ToDoubleFunction<StageResult> rate) {
    return run.verdict().stages().values().stream()
        .map(stage -> Figures.count(rate.applyAsDouble(stage)))
        .toList();
  }

  private void conservation() {
    out.println();
    Conservation plain = result.plain().conservation();
    Conservation spillway = result.spillway().conservation();
    law("produced", plain.produced(), spillway.produced());
    law("= delivered", plain.delivered(), spillway.delivered());
    law("+ shed", plain.shed(), spillway.shed());
    law("+ expired", plain.expired(), spillway.expired());
    law("+ deferred", plain.deferred(), spillway.deferred());
    law("+ throttled", plain.throttled(), spillway.throttled());
    law("+ dead letters", plain.deadLetters(), spillway.deadLetters());
    law("+ unaccounted", plain.unaccounted(), spillway.unaccounted());
  }

  private void law(String label, long plain, long spillway) {
    heading(label, Figures.count(plain), Figures.count(spillway));
  }

  private List<String> stages() {
    return List.copyOf(result.plain().verdict().stages().keySet());
  }

  private void row(String label, List<String> left, List<String> right) {
    out.println(
        Figures.format(
            LABEL + THREE + "  " + THREE,
            label,
            left.get(0),
            left.get(1),
            left.get(2),
            right.get(0),
            right.get(1),
            right.get(2)));
  }
}
