package io.spillway.sandbox.demo;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Timeline;
import io.spillway.sandbox.report.Picture;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** The demo's result as one picture: both variants over the seconds of the load, after warm-up. */
final class DemoPicture {
  private static final String PLAIN = "plain Flink";
  private static final String SPILLWAY = "Spillway";

  private DemoPicture() {}

  static Picture of(DemoResult result) {
    LoadPlan plan = result.plain().plan();
    int from =
        (int)
            plan.stages().stream()
                .filter(stage -> stage.name().equals(LoadPlan.WARM_UP))
                .mapToLong(stage -> stage.duration().toSeconds())
                .sum();
    int steps = (int) plan.duration().toSeconds() - from;
    Map<String, double[]> rates = new LinkedHashMap<>();
    rates.put("offered", line(result.spillway(), from, steps, (t, i) -> sum(t.offered(), i)));
    rates.put("results, plain Flink", line(result.plain(), from, steps, DemoPicture::results));
    rates.put("results, Spillway", line(result.spillway(), from, steps, DemoPicture::results));
    double[] capacity = new double[steps];
    Arrays.fill(capacity, result.capacityPerSecond());
    rates.put("capacity", capacity);
    return new Picture(
        "s",
        IntStream.range(0, steps).asDoubleStream().toArray(),
        List.of(
            new Picture.Panel(
                "CRITICAL p99, ms",
                true,
                both(result, from, steps, (t, i) -> t.p99()[Priority.CRITICAL.ordinal()][i])),
            new Picture.Panel("events per second", false, rates),
            new Picture.Panel(
                "share that is turned away",
                false,
                Map.of(SPILLWAY, line(result.spillway(), from, steps, DemoPicture::shed))),
            new Picture.Panel(
                "events waiting", false, both(result, from, steps, (t, i) -> t.waiting()[i]))));
  }

  private static Map<String, double[]> both(
      DemoResult result, int from, int steps, ToDoubleBiFunction<Timeline, Integer> figure) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    lines.put(PLAIN, line(result.plain(), from, steps, figure));
    lines.put(SPILLWAY, line(result.spillway(), from, steps, figure));
    return lines;
  }

  private static double[] line(
      RunResult run, int from, int steps, ToDoubleBiFunction<Timeline, Integer> figure) {
    Timeline timeline = run.timeline();
    return IntStream.range(from, from + steps)
        .mapToDouble(i -> i < timeline.steps() ? figure.applyAsDouble(timeline, i) : Double.NaN)
        .toArray();
  }

  private static double results(Timeline timeline, int step) {
    return sum(timeline.delivered(), step);
  }

  private static double shed(Timeline timeline, int step) {
    return sum(timeline.rejected(), step) / Math.max(1, sum(timeline.offered(), step));
  }

  private static double sum(long[][] byPriority, int step) {
    return Arrays.stream(byPriority).mapToLong(counts -> counts[step]).sum();
  }
}
