package io.spillway.sandbox.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Timeline;
import io.spillway.sandbox.report.Page;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** The demo's result as a page with plots, both variants side by side. */
public final class DemoPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoPage() {}

  public static String of(DemoResult result) {
    String footer =
        "Job %s; %d workers of %d us an event in both variants; mix %s; capacity %s events/s, measured on plain Flink in the same run. Latency and delivery were measured from Kafka, outside the job."
            .formatted(
                result.job(),
                DemoPlan.WORKERS,
                DemoPlan.WORK_MICROS,
                DemoPlan.MIX,
                Figures.count(result.capacityPerSecond()));
    String body =
        Page.resource(DemoPage.class, "demo.html")
            .replace("{{sentence}}", Page.text(result.sentence()))
            .replace("{{footer}}", Page.text(footer));
    return new Page("Spillway demo", body, data(result), Page.resource(DemoPage.class, "demo.js"))
        .html();
  }

  private static ObjectNode data(DemoResult result) {
    ObjectNode data = JSON.createObjectNode();
    data.put("factor", result.overloadFactor());
    data.put("capacity", result.capacityPerSecond());
    stages(data.putArray("stages"), result.plain().plan());
    ArrayNode variants = data.putArray("variants");
    variants.add(variant("Plain Flink", result.plain()));
    variants.add(variant("Spillway", result.spillway()));
    return data;
  }

  private static void stages(ArrayNode stages, LoadPlan plan) {
    double from = 0;
    for (LoadPlan.Stage stage : plan.stages()) {
      double to = from + stage.duration().toMillis() / 1000.0;
      stages
          .addObject()
          .put("name", stage.name())
          .put("from", from)
          .put("to", to)
          .put("busy", stage.name().equals("overload"));
      from = to;
    }
  }

  private static ObjectNode variant(String title, RunResult run) {
    ObjectNode variant = JSON.createObjectNode();
    variant.put("title", title);
    Timeline timeline = run.timeline();
    counts(variant.putObject("offered"), timeline.offered());
    counts(variant.putObject("rejected"), timeline.rejected());
    counts(variant.putObject("delivered"), timeline.delivered());
    ObjectNode p99 = variant.putObject("p99");
    for (Priority priority : Priority.values()) {
      ArrayNode values = p99.putArray(priority.wireName());
      for (double value : timeline.p99()[priority.ordinal()]) {
        add(values, value);
      }
    }
    ArrayNode waiting = variant.putArray("waiting");
    for (long events : timeline.waiting()) {
      waiting.add(events);
    }
    inside(variant.putObject("inside"), run);
    variant.set("figures", DemoJson.variant(run));
    return variant;
  }

  private static void counts(ObjectNode byPriority, long[][] counts) {
    for (Priority priority : Priority.values()) {
      ArrayNode values = byPriority.putArray(priority.wireName());
      for (long count : counts[priority.ordinal()]) {
        values.add(count);
      }
    }
  }

  private static void inside(ObjectNode inside, RunResult run) {
    List<RunResult.Sample> samples =
        run.samples().stream().filter(s -> s.atMillis() >= run.timeline().startMillis()).toList();
    ArrayNode times = inside.putArray("t");
    TreeSet<String> lanes = new TreeSet<>();
    for (RunResult.Sample sample : samples) {
      times.add(Math.round((sample.atMillis() - run.timeline().startMillis()) / 100.0) / 10.0);
      lanes.addAll(sample.metrics().laneFill().keySet());
    }
    ObjectNode byLane = inside.putObject("lanes");
    for (String lane : lanes) {
      series(byLane.putArray(lane), samples, s -> s.metrics().laneFill().get(lane));
    }
    ObjectNode keep = inside.putObject("keep");
    for (Priority priority : Priority.values()) {
      if (samples.stream().anyMatch(s -> s.metrics().keep().containsKey(priority))) {
        series(keep.putArray(priority.wireName()), samples, s -> s.metrics().keep().get(priority));
      }
    }
  }

  private static void series(
      ArrayNode values, List<RunResult.Sample> samples, Function<RunResult.Sample, Double> figure) {
    for (RunResult.Sample sample : samples) {
      Double value = figure.apply(sample);
      add(values, value == null ? Double.NaN : value);
    }
  }

  private static void add(ArrayNode values, double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      values.addNull();
    } else {
      values.add(Math.round(value * 1000) / 1000.0);
    }
  }
}
