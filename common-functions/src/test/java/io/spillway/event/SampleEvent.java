package io.spillway.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Builds the events of tests, header by header; each step is a new builder. */
public record SampleEvent(RawEvent event) {
  /** The Kafka timestamp of every sample. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** One record without headers. */
  public static SampleEvent bare() {
    return new SampleEvent(
        new RawEvent(
            "iot.events",
            1,
            42,
            NOW.toEpochMilli(),
            utf8("key"),
            utf8("{\"value\":21.5}"),
            EventHeaders.empty()));
  }

  /** One event with everything CloudEvents asks for. */
  public static SampleEvent complete() {
    return bare()
        .header(CloudEventHeaders.SPEC_VERSION, "1.0")
        .header(CloudEventHeaders.CONTENT_TYPE, "application/json")
        .header(CloudEventHeaders.ID, "a-1")
        .header(CloudEventHeaders.SOURCE, "plant-7/sensor-3")
        .header(CloudEventHeaders.TYPE, "com.example.telemetry.temperature")
        .header(CloudEventHeaders.TIME, NOW.toString());
  }

  public SampleEvent header(String name, String value) {
    return header(name, utf8(value));
  }

  public SampleEvent header(String name, byte[] value) {
    return with(event.value(), event.headers().with(name, value));
  }

  public SampleEvent value(byte[] value) {
    return with(value, event.headers());
  }

  public SampleEvent value(String value) {
    return value(utf8(value));
  }

  public SampleEvent timestamp(long millis) {
    return new SampleEvent(
        new RawEvent(
            event.topic(),
            event.partition(),
            event.offset(),
            millis,
            event.key(),
            event.value(),
            event.headers()));
  }

  public EventAttributes attributes() {
    return EventAttributes.read(event, EventLimits.defaults());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private SampleEvent with(byte[] value, EventHeaders headers) {
    return new SampleEvent(
        new RawEvent(
            event.topic(),
            event.partition(),
            event.offset(),
            event.timestampMillis(),
            event.key(),
            value,
            headers));
  }
}
