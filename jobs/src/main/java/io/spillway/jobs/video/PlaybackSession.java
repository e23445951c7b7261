package io.spillway.jobs.video;

import io.spillway.jobs.work.JsonObject;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one viewer saw, from the first event to the last one before a gap, as far as events were
 * kept. Where they are kept by viewer, a session is whole unless the keep probability crossed the
 * viewer's hash while it went on.
 *
 * @param cdn network of the earliest event, as {@code isp} is its provider
 * @param endMillis a gap after the last event
 * @param startupMillis of the first start; {@link PlaybackPoint#NONE} where none was kept
 * @param playMillis from the lowest to the highest position in the video; who skips has played what
 *     was skipped
 * @param meanKbps over heartbeats; NaN where none was kept
 * @param start how many sessions with a start this one stands for; 0 without
 * @param failure the same for start failures
 * @param play the same for events that show playback
 */
public record PlaybackSession(
    String viewer,
    String cdn,
    String isp,
    long firstMillis,
    long lastMillis,
    long endMillis,
    long startupMillis,
    boolean failed,
    long playMillis,
    long rebufferMillis,
    long rebufferInPlayMillis,
    long rebuffers,
    long heartbeats,
    double meanKbps,
    long bitrateChanges,
    Weight start,
    Weight failure,
    Weight play,
    long unitHash) {

  /**
   * How many sessions this one stands for.
   *
   * @param sampledRate how many of them when it came in
   */
  public record Weight(double weight, double sampledRate) {
    boolean isThere() {
      return weight > 0;
    }
  }

  /** Share of the time that the video stood still; NaN where it is not seen to have played. */
  public double rebufferRatio() {
    return play.isThere() && playMillis > 0
        ? rebufferInPlayMillis / (double) (playMillis + rebufferInPlayMillis)
        : Double.NaN;
  }

  /** What it adds to the results of its way. */
  List<SessionMeasure> measures() {
    List<SessionMeasure> measures = new ArrayList<>(4);
    if (failure.isThere()) {
      measures.add(measure(QoeMeasure.SESSIONS, 1, failure, Priority.CRITICAL));
      measures.add(measure(QoeMeasure.FAILED_STARTS, 1, failure, Priority.CRITICAL));
    } else if (start.isThere()) {
      measures.add(measure(QoeMeasure.SESSIONS, 1, start, Priority.NORMAL));
      measures.add(measure(QoeMeasure.FAILED_STARTS, 0, start, Priority.NORMAL));
    }
    if (start.isThere()) {
      measures.add(measure(QoeMeasure.STARTUP_MILLIS, startupMillis, start, Priority.NORMAL));
    }
    double ratio = rebufferRatio();
    if (!Double.isNaN(ratio)) {
      measures.add(measure(QoeMeasure.REBUFFER_RATIO, ratio, play, Priority.NORMAL));
    }
    return measures;
  }

  private SessionMeasure measure(QoeMeasure measure, double value, Weight of, Priority priority) {
    return new SessionMeasure(
        new QoeKey(cdn, isp, measure.wireName()),
        viewer,
        value,
        of.weight(),
        of.sampledRate(),
        priority,
        unitHash);
  }

  /** Sessions of one viewer stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return viewer.getBytes(StandardCharsets.UTF_8);
  }

  /** This session as it is written to Kafka; null for what is not known. */
  public byte[] toJson() {
    return new JsonObject()
        .with("viewer", viewer)
        .with("cdn", cdn)
        .with("isp", isp)
        .with("start", Instant.ofEpochMilli(firstMillis).toString())
        .with("end", Instant.ofEpochMilli(lastMillis).toString())
        .with("durationMillis", lastMillis - firstMillis)
        .withKnown("startupMillis", start.isThere() ? startupMillis : Double.NaN)
        .with("failed", failed)
        .with("playMillis", playMillis)
        .with("rebufferMillis", rebufferMillis)
        .with("rebuffers", rebuffers)
        .withKnown("rebufferRatio", rebufferRatio())
        .with("heartbeats", heartbeats)
        .withKnown("meanKbps", meanKbps)
        .with("bitrateChanges", bitrateChanges)
        .with("weight", Math.max(play.weight(), Math.max(start.weight(), failure.weight())))
        .utf8();
  }
}
