package io.spillway.jobs.iot;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.JsonObject;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A critical event, on its way to whoever must act. Texts are empty where the event has none. An
 * alert may come twice, after a failure: {@code source} and {@code id} together tell.
 *
 * @param timeMillis when it happened, in milliseconds since the epoch
 * @param sentMillis when it was meant to be sent, in milliseconds since the epoch
 */
public record Alert(
    String id,
    String source,
    String type,
    Priority priority,
    long timeMillis,
    String site,
    String sensor,
    String metric,
    double value,
    long sentMillis) {

  /** The alert for a reading whose event has these attributes. */
  public static Alert of(SensorReading reading, EventAttributes attributes) {
    return new Alert(
        textOrEmpty(attributes.text(CloudEventHeaders.ID)),
        textOrEmpty(attributes.source()),
        textOrEmpty(attributes.type()),
        reading.event().priority(),
        reading.event().eventTimeMillis(),
        reading.site(),
        reading.sensor(),
        reading.metric(),
        reading.value(),
        attributes.sentMillis());
  }

  /** Alerts of one source stay in order: they share a partition. */
  public byte[] kafkaKey() {
    return source.getBytes(StandardCharsets.UTF_8);
  }

  /** This alert as it is written to Kafka; {@code time} in RFC 3339, {@code sent} in ms. */
  public byte[] toJson() {
    return new JsonObject()
        .with("id", id)
        .with("source", source)
        .with("type", type)
        .with("priority", priority.wireName())
        .with("time", Instant.ofEpochMilli(timeMillis).toString())
        .with("site", site)
        .with("sensor", sensor)
        .with("metric", metric)
        .with("value", value)
        .with("sent", sentMillis)
        .utf8();
  }

  private static String textOrEmpty(String text) {
    return text == null ? "" : text;
  }
}
