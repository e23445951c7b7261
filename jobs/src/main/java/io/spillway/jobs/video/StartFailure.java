package io.spillway.jobs.video;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.JsonObject;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A video that did not start, on its way to whoever must act. Texts are empty where the event has
 * none. It may come twice, after a failure: {@code source} and {@code id} together tell.
 *
 * @param timeMillis when it happened, in milliseconds since the epoch
 * @param sentMillis when it was meant to be sent, in milliseconds since the epoch
 */
public record StartFailure(
    String id,
    String source,
    String type,
    Priority priority,
    long timeMillis,
    String viewer,
    String cdn,
    String isp,
    long sentMillis) {

  /** The alert for an event with these attributes. */
  static StartFailure of(PlaybackEvent event, EventAttributes attributes) {
    return new StartFailure(
        textOrEmpty(attributes.text(CloudEventHeaders.ID)),
        textOrEmpty(attributes.source()),
        textOrEmpty(attributes.type()),
        event.priority(),
        event.point().timeMillis(),
        event.point().viewer(),
        event.point().route().cdn(),
        event.point().route().isp(),
        attributes.sentMillis());
  }

  /** Failures of one source stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return source.getBytes(StandardCharsets.UTF_8);
  }

  /** This failure as it is written to Kafka; {@code time} in RFC 3339, {@code sent} in ms. */
  public byte[] toJson() {
    return new JsonObject()
        .with("id", id)
        .with("source", source)
        .with("type", type)
        .with("priority", priority.wireName())
        .with("time", Instant.ofEpochMilli(timeMillis).toString())
        .with("viewer", viewer)
        .with("cdn", cdn)
        .with("isp", isp)
        .with("sent", sentMillis)
        .utf8();
  }

  private static String textOrEmpty(String text) {
    return text == null ? "" : text;
  }
}
