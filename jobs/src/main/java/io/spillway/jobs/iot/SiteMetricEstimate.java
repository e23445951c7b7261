package io.spillway.jobs.iot;

import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.QuantileEstimates;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.jobs.work.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The readings of one metric of one site in one window, and how many of them were processed. */
public record SiteMetricEstimate(SiteMetric key, WindowEstimate estimate) {

  /** Results of one site and metric stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return (key.site() + "|" + key.metric()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * This result as it is written to Kafka; {@code start} and {@code end} in RFC 3339, null for what
   * is not known. The fields up to {@code max} are the form of the first version. {@code sample} is
   * there where something was turned away, because a replay may correct that.
   */
  public byte[] toJson() {
    JsonObject json = json(estimate, estimate.count(), estimate.coverage());
    return (estimate.coverage() < 1 ? json.with("sample", estimate.sample()) : json).utf8();
  }

  /**
   * The same for what a replay adds to the result of its window. {@code kept}, {@code keptSum} and
   * {@code count} are to be added to those of the first result: the count mostly changes by
   * nothing, because it had been exact. {@code coverage} is known only of both together. All other
   * figures are of the replayed readings alone; {@code sample} merges with that of the first
   * result.
   *
   * @param run which replay
   */
  public byte[] correctionJson(String run) {
    try {
      WindowSample sample = WindowSample.ofText(estimate.sample());
      WindowEstimate alone =
          WindowEstimate.of(estimate.startMillis(), estimate.endMillis(), sample.keptOnly());
      return json(alone, sample.events(), Double.NaN)
          .with("sample", estimate.sample())
          .with("run", run)
          .utf8();
    } catch (IOException e) {
      throw new UncheckedIOException("a result of a replay has its sample", e);
    }
  }

  private JsonObject json(WindowEstimate of, double count, double coverage) {
    Estimated sum = of.sum();
    Estimated mean = of.mean();
    QuantileEstimates quantiles = of.quantiles();
    return new JsonObject()
        .with("site", key.site())
        .with("metric", key.metric())
        .with("start", Instant.ofEpochMilli(of.startMillis()).toString())
        .with("end", Instant.ofEpochMilli(of.endMillis()).toString())
        .with("kept", of.kept())
        .with("count", count)
        .withKnown("coverage", coverage)
        .withKnown("sum", sum.value())
        .withKnown("mean", mean.value())
        .withKnown("min", of.min())
        .withKnown("max", of.max())
        .with("countExact", of.countExact())
        .withKnown("sumLow", sum.low())
        .withKnown("sumHigh", sum.high())
        .withKnown("meanLow", mean.low())
        .withKnown("meanHigh", mean.high())
        .withKnown("p50", quantiles.p50())
        .withKnown("p95", quantiles.p95())
        .withKnown("p99", quantiles.p99())
        .withKnown("rankError", quantiles.rankError())
        .with("distinctSensors", of.distinctKeys())
        .with("reliable", of.reliable())
        .with("keptSum", of.keptSum());
  }
}
