package io.spillway.jobs.iot;

import io.spillway.aggregation.WindowEstimate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The readings of one metric of one site in one window, and how many of them were processed. */
public record SiteMetricEstimate(SiteMetric key, WindowEstimate estimate) {

  /** Results of one site and metric stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return (key.site() + "|" + key.metric()).getBytes(StandardCharsets.UTF_8);
  }

  /** This result as it is written to Kafka; {@code start} and {@code end} in RFC 3339. */
  public byte[] toJson() {
    return new JsonObject()
        .with("site", key.site())
        .with("metric", key.metric())
        .with("start", Instant.ofEpochMilli(estimate.startMillis()).toString())
        .with("end", Instant.ofEpochMilli(estimate.endMillis()).toString())
        .with("kept", estimate.kept())
        .with("count", estimate.count())
        .with("coverage", estimate.coverage())
        .with("sum", estimate.sum())
        .with("mean", estimate.mean())
        .with("min", estimate.min())
        .with("max", estimate.max())
        .utf8();
  }
}
