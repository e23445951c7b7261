package io.spillway.jobs.iot;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Events for tests, as they would be read from Kafka: binary mode, JSON payload. */
public final class SensorEvents {
  public static final String TOPIC = "iot.events";

  private SensorEvents() {}

  /** A reading of the metric temperature at site s-1, of type {@code iot.<kind>}. */
  public static RawEvent event(long offset, String kind, long timeMillis, double value) {
    return event(offset, kind, timeMillis, payload("s-1", "sensor-7", "temperature", value));
  }

  /** An event of sensor-7 with this payload; its sequence is its offset plus one. */
  public static RawEvent event(long offset, String kind, long timeMillis, String payload) {
    EventHeaders headers =
        EventHeaders.empty()
            .with(CloudEventHeaders.CONTENT_TYPE, bytes("application/json"))
            .with(CloudEventHeaders.ID, bytes("id-" + offset))
            .with(CloudEventHeaders.SOURCE, bytes("sensor-7"))
            .with(CloudEventHeaders.TYPE, bytes("iot." + kind))
            .with(CloudEventHeaders.TIME, bytes(Instant.ofEpochMilli(timeMillis).toString()))
            .with(CloudEventHeaders.SEQUENCE, bytes(Long.toString(offset + 1)))
            .with(CloudEventHeaders.INTENDED_SEND_TIME, bytes(Long.toString(timeMillis + 3)));
    return new RawEvent(
        TOPIC, 0, offset, timeMillis + 5, bytes("sensor-7"), bytes(payload), headers);
  }

  /** The same event, which names site and metric in its headers. */
  public static RawEvent withSubject(RawEvent raw, String subject) {
    return with(raw, CloudEventHeaders.SUBJECT, subject);
  }

  /** The same event, which may be dropped from this time on. */
  public static RawEvent withExpiry(RawEvent raw, String time) {
    return with(raw, CloudEventHeaders.EXPIRY_TIME, time);
  }

  private static RawEvent with(RawEvent raw, String header, String value) {
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

  public static String payload(String site, String sensor, String metric, double value) {
    return "{\"site\":\"%s\",\"sensor\":\"%s\",\"metric\":\"%s\",\"value\":%s,\"unit\":\"C\"}"
        .formatted(site, sensor, metric, value);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
