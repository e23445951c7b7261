package io.spillway.jobs.video;

import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.QuantileEstimates;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.jobs.work.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** One measure of the videos that took one way, in one window, and how much of it was seen. */
public record QoeEstimate(QoeKey key, WindowEstimate estimate) {

  /** Results of one way stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return (key.cdn() + "|" + key.isp()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * This result as it is written to Kafka; {@code start} and {@code end} in RFC 3339, null for what
   * is not known. {@code count} is exact for events whose way is in their headers ({@code
   * countExact}) and an estimate for sessions.
   */
  public byte[] toJson() {
    Estimated sum = estimate.sum();
    Estimated mean = estimate.mean();
    QuantileEstimates quantiles = estimate.quantiles();
    return new JsonObject()
        .with("cdn", key.cdn())
        .with("isp", key.isp())
        .with("measure", key.measure())
        .with("start", Instant.ofEpochMilli(estimate.startMillis()).toString())
        .with("end", Instant.ofEpochMilli(estimate.endMillis()).toString())
        .with("kept", estimate.kept())
        .with("count", estimate.count())
        .with("countExact", estimate.countExact())
        .withKnown("coverage", estimate.coverage())
        .withKnown("sum", sum.value())
        .withKnown("sumLow", sum.low())
        .withKnown("sumHigh", sum.high())
        .withKnown("mean", mean.value())
        .withKnown("meanLow", mean.low())
        .withKnown("meanHigh", mean.high())
        .withKnown("min", estimate.min())
        .withKnown("max", estimate.max())
        .withKnown("p50", quantiles.p50())
        .withKnown("p95", quantiles.p95())
        .withKnown("p99", quantiles.p99())
        .withKnown("rankError", quantiles.rankError())
        .with("distinctViewers", estimate.distinctKeys())
        .with("reliable", estimate.reliable())
        .utf8();
  }
}
