package io.spillway.jobs.iot;

import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.QuantileEstimates;
import io.spillway.aggregation.WindowEstimate;
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
   * is not known. The fields up to {@code max} are the form of the first version.
   */
  public byte[] toJson() {
    Estimated sum = estimate.sum();
    Estimated mean = estimate.mean();
    QuantileEstimates quantiles = estimate.quantiles();
    return new JsonObject()
        .with("site", key.site())
        .with("metric", key.metric())
        .with("start", Instant.ofEpochMilli(estimate.startMillis()).toString())
        .with("end", Instant.ofEpochMilli(estimate.endMillis()).toString())
        .with("kept", estimate.kept())
        .with("count", estimate.count())
        .with("coverage", estimate.coverage())
        .withKnown("sum", sum.value())
        .withKnown("mean", mean.value())
        .withKnown("min", estimate.min())
        .withKnown("max", estimate.max())
        .with("countExact", estimate.countExact())
        .withKnown("sumLow", sum.low())
        .withKnown("sumHigh", sum.high())
        .withKnown("meanLow", mean.low())
        .withKnown("meanHigh", mean.high())
        .withKnown("p50", quantiles.p50())
        .withKnown("p95", quantiles.p95())
        .withKnown("p99", quantiles.p99())
        .withKnown("rankError", quantiles.rankError())
        .with("distinctSensors", estimate.distinctKeys())
        .with("reliable", estimate.reliable())
        .utf8();
  }
}
