package io.spillway.jobs.video;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Events of players for tests, as they would be read from Kafka: binary mode, JSON payload. */
public final class PlaybackEvents {
  public static final String TOPIC = "video.events";

  private PlaybackEvents() {}

  /** An event of this viewer on c-1/i-1, with every figure there is. */
  public static RawEvent event(long offset, PlaybackKind kind, long timeMillis, String viewer) {
    return event(offset, kind, timeMillis, viewer, payload(viewer, "c-1", "i-1"));
  }

  /** An event whose record key is this viewer, which names c-1/i-1 in its headers. */
  public static RawEvent event(
      long offset, PlaybackKind kind, long timeMillis, String viewer, String payload) {
    EventHeaders headers =
        EventHeaders.empty()
            .with(CloudEventHeaders.CONTENT_TYPE, bytes("application/json"))
            .with(CloudEventHeaders.ID, bytes("id-" + offset))
            .with(CloudEventHeaders.SOURCE, bytes("player-" + viewer))
            .with(CloudEventHeaders.TYPE, bytes(kind.type()))
            .with(CloudEventHeaders.SUBJECT, bytes("c-1/i-1"))
            .with(CloudEventHeaders.TIME, bytes(Instant.ofEpochMilli(timeMillis).toString()))
            .with(CloudEventHeaders.SEQUENCE, bytes(Long.toString(offset + 1)))
            .with(CloudEventHeaders.INTENDED_SEND_TIME, bytes(Long.toString(timeMillis + 3)));
    return new RawEvent(TOPIC, 0, offset, timeMillis + 5, bytes(viewer), bytes(payload), headers);
  }

  /** The same event with another header. */
  public static RawEvent with(RawEvent raw, String header, String value) {
    return new RawEvent(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        raw.timestampMillis(),
        raw.key(),
        raw.value(),
        raw.headers().with(header, bytes(value)));
  }

  public static AdmittedEvent admitted(RawEvent raw, Priority priority, double weight) {
    return new AdmittedEvent(raw, priority, raw.timestampMillis() - 5, weight);
  }

  public static String payload(String viewer, String cdn, String isp) {
    return payload(viewer, cdn, isp, 8_000, 0);
  }

  public static String payload(
      String viewer, String cdn, String isp, long positionMillis, long rebufferMillis) {
    return ("{\"viewer\":\"%s\",\"cdn\":\"%s\",\"isp\":\"%s\",\"bitrateKbps\":3200,"
            + "\"positionMillis\":%d,\"startupMillis\":420,\"rebufferMillis\":%d}")
        .formatted(viewer, cdn, isp, positionMillis, rebufferMillis);
  }

  /** A moment of u-1 on c-1/i-1 that stands for itself. */
  static PlaybackPoint point(PlaybackKind kind, long timeMillis, long figure) {
    return point(kind, timeMillis, figure, 1);
  }

  /**
   * A moment of u-1 on c-1/i-1, at the position of its time.
   *
   * @param figure bitrate of a heartbeat, time of a start or rebuffer
   */
  static PlaybackPoint point(PlaybackKind kind, long timeMillis, long figure, double weight) {
    return new PlaybackPoint(
        kind,
        "u-1",
        new Route("c-1", "i-1"),
        timeMillis,
        timeMillis,
        kind == PlaybackKind.HEARTBEAT ? figure : PlaybackPoint.NONE,
        kind == PlaybackKind.START ? figure : PlaybackPoint.NONE,
        kind == PlaybackKind.REBUFFER ? figure : 0,
        weight,
        1,
        7);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
