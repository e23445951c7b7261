package io.spillway.sandbox.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.StageResult;
import io.spillway.sandbox.measure.StageResult.PriorityResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The demo's figures as JSON. Programs read this: fields may be added, none may change or go. A
 * latency of which there is none is null. {@code shed} includes what a full lane turned away,
 * {@code rejected} of a priority what was deferred, too.
 */
public final class DemoJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private DemoJson() {}

  public static String of(DemoResult result) {
    ObjectNode root = JSON.createObjectNode();
    put(root, "overload_factor", result.overloadFactor());
    put(root, "capacity_per_second", result.capacityPerSecond());
    ObjectNode variants = root.putObject("variants");
    variants.set("plain", variant(result.plain()));
    variants.set("spillway", variant(result.spillway()));
    result
        .riskQuestions()
        .forEach((name, asked) -> variants.withObject(name).put("risk_questions", asked));
    root.put("job", result.job());
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode variant(RunResult run) {
    ObjectNode variant = JSON.createObjectNode();
    variant.set("goodput_per_second", rates(run, StageResult::goodputPerSecond));
    ObjectNode priorities = variant.putObject("priorities");
    for (Priority priority : Priority.values()) {
      ObjectNode stages = priorities.putObject(priority.wireName());
      run.verdict().stages().forEach((name, s) -> stages.set(name, priority(s.of(priority))));
    }
    variant.set("conservation", conservation(run.conservation()));
    variant.set("timely_per_second", rates(run, StageResult::timelyPerSecond));
    variant.set("offered_per_second", rates(run, StageResult::offeredPerSecond));
    ObjectNode backlog = variant.putObject("backlog");
    backlog.put("max", Arrays.stream(run.timeline().waiting()).max().orElse(0));
    put(backlog, "drain_seconds", run.drain().toMillis() / 1000.0);
    variant.put("missing_critical", run.missingCriticalCount());
    ObjectNode lag = variant.putObject("generator_lag_ms");
    put(lag, "p50", run.generatorLag().p50Millis());
    put(lag, "p99", run.generatorLag().p99Millis());
    put(lag, "max", run.generatorLag().maxMillis());
    return variant;
  }

  private static ObjectNode rates(RunResult run, ToDoubleFunction<StageResult> rate) {
    ObjectNode rates = JSON.createObjectNode();
    run.verdict().stages().forEach((name, stage) -> put(rates, name, rate.applyAsDouble(stage)));
    return rates;
  }

  private static ObjectNode priority(PriorityResult result) {
    ObjectNode p = JSON.createObjectNode();
    p.put("produced", result.produced());
    p.put("delivered", result.delivered());
    put(p, "p50_ms", result.p50Millis());
    put(p, "p99_ms", result.p99Millis());
    put(p, "max_ms", result.maxMillis());
    p.put("rejected", result.rejected());
    p.put("deferred", result.fates().getOrDefault(Fate.DEFERRED, 0L));
    return p;
  }

  private static ObjectNode conservation(Conservation law) {
    ObjectNode c = JSON.createObjectNode();
    c.put("produced", law.produced());
    c.put("delivered", law.delivered());
    c.put("shed", law.shed());
    c.put("expired", law.expired());
    c.put("deferred", law.deferred());
    c.put("throttled", law.throttled());
    c.put("dead_letters", law.deadLetters());
    c.put("unaccounted", law.unaccounted());
    c.put("shed_by_full_lane", law.laneFull());
    c.put("duplicates", law.duplicates());
    c.put("unknown", law.unknown());
    return c;
  }

  /** Whole numbers without a fraction, others with one digit, NaN as null. */
  private static void put(ObjectNode node, String name, double value) {
    double rounded = Math.round(value * 10) / 10.0;
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else if (rounded == Math.rint(rounded)) {
      node.put(name, (long) rounded);
    } else {
      node.put(name, rounded);
    }
  }
}
