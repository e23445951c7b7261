package io.spillway.sandbox.measure;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What the running job says of itself, over all its subtasks. Metrics are found by the end of their
 * name and by labels, because the beginning is made of the scopes a user has configured.
 *
 * @param laneFill the fullest subtask of each lane, 0..1
 * @param keep the mean keep probability of each priority over subtasks, 0..1
 * @param seen events that reached admission
 * @param admitted events that were let in
 * @param rejected events that were turned away, for all reasons
 * @param deferred those of them that are to be replayed
 * @param p50Millis end-to-end latency, the worst subtask
 * @param p99Millis end-to-end latency, the worst subtask
 * @param checkpointMillis duration of the last checkpoint, NaN if there was none
 */
public record JobMetrics(
    Map<String, Double> laneFill,
    Map<Priority, Double> keep,
    Map<Priority, Double> seen,
    Map<Priority, Double> admitted,
    Map<Priority, Double> rejected,
    Map<Priority, Double> deferred,
    Map<Priority, Double> p50Millis,
    Map<Priority, Double> p99Millis,
    double checkpointMillis) {

  public static final JobMetrics NONE = of(List.of());

  /** What these samples, from all processes of a cluster, say of its jobs. */
  public static JobMetrics of(List<PrometheusText.Sample> samples) {
    Map<String, Double> laneFill = new TreeMap<>();
    double checkpointMillis = Double.NaN;
    for (PrometheusText.Sample sample : samples) {
      if (isSpillway(sample, "lane_fill") && !sample.label("lane").isEmpty()) {
        laneFill.merge(sample.label("lane"), sample.value(), Math::max);
      } else if (sample.name().endsWith("lastCheckpointDuration") && sample.value() >= 0) {
        checkpointMillis = sample.value();
      }
    }
    return new JobMetrics(
        laneFill,
        mean(samples, "keep_probability"),
        sum(samples, "events_seen"),
        sum(samples, "_admitted"),
        sum(samples, "_rejected"),
        sum(
            samples.stream()
                .filter(s -> s.label("reason").equals(Outcome.DEFERRED.wireName()))
                .toList(),
            "_rejected"),
        worst(samples, "end_to_end_latency_ms", "0.5"),
        worst(samples, "end_to_end_latency_ms", "0.99"),
        checkpointMillis);
  }

  /** Whether any job with Spillway in it runs. */
  public boolean isEmpty() {
    return seen.isEmpty();
  }

  private static boolean isSpillway(PrometheusText.Sample sample, String suffix) {
    return sample.name().contains("spillway") && sample.name().endsWith(suffix);
  }

  private static Map<Priority, Double> sum(List<PrometheusText.Sample> samples, String suffix) {
    Map<Priority, double[]> sums = collect(samples, s -> isSpillway(s, suffix));
    return map(sums, a -> a[0]);
  }

  private static Map<Priority, Double> mean(List<PrometheusText.Sample> samples, String suffix) {
    Map<Priority, double[]> sums = collect(samples, s -> isSpillway(s, suffix));
    return map(sums, a -> a[0] / a[1]);
  }

  private static Map<Priority, Double> worst(
      List<PrometheusText.Sample> samples, String suffix, String quantile) {
    Map<Priority, double[]> sums =
        collect(samples, s -> isSpillway(s, suffix) && quantile.equals(s.label("quantile")));
    return map(sums, a -> a[2]);
  }

  /** Sum, number and maximum of the values of each priority; NaN values are passed over. */
  private static Map<Priority, double[]> collect(
      List<PrometheusText.Sample> samples, Predicate<PrometheusText.Sample> wanted) {
    Map<Priority, double[]> collected = new EnumMap<>(Priority.class);
    for (PrometheusText.Sample sample : samples) {
      Priority priority = Priority.fromWireName(sample.label("priority")).orElse(null);
      if (priority != null && wanted.test(sample) && !Double.isNaN(sample.value())) {
        double[] values =
            collected.computeIfAbsent(priority, p -> new double[] {0, 0, Double.NEGATIVE_INFINITY});
        values[0] += sample.value();
        values[1]++;
        values[2] = Math.max(values[2], sample.value());
      }
    }
    return collected;
  }

  private static Map<Priority, Double> map(
      Map<Priority, double[]> collected, ToDoubleFunction<double[]> figure) {
    Map<Priority, Double> figures = new EnumMap<>(Priority.class);
    collected.forEach((priority, values) -> figures.put(priority, figure.applyAsDouble(values)));
    return figures;
  }
}
