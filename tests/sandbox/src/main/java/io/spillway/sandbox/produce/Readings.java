package io.spillway.sandbox.produce;

import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events of the example producer: readings of some sensors for the IoT job, in CloudEvents binary
 * mode, the sensor as record key. Thread safe.
 */
final class Readings {
  private static final int SENSORS = 100;
  private static final int SITES = 10;

  private final String topic;
  private final String run;

  /**
   * @param run part of every source, so that events of two runs are not taken for one
   */
  Readings(String topic, String run) {
    this.topic = topic;
    this.run = run;
  }

  /** The event with this number, from 0, among those of its priority. */
  ProducerRecord<byte[], byte[]> record(Priority priority, long number, long nowMillis) {
    long sensor = number % SENSORS;
    String source = "sensor-%s-%s-%d".formatted(run, priority.wireName(), sensor);
    String site = "s-" + sensor % SITES;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            utf8(source),
            utf8(
                "{\"site\":\"%s\",\"sensor\":\"%s\",\"metric\":\"temperature\",\"value\":%d.5,\"unit\":\"C\"}"
                    .formatted(site, source, 15 + number % 10)));
    header(record, CloudEventHeaders.CONTENT_TYPE, "application/json");
    header(record, CloudEventHeaders.SPEC_VERSION, "1.0");
    header(record, CloudEventHeaders.ID, source + "-" + number);
    header(record, CloudEventHeaders.SOURCE, source);
    header(record, CloudEventHeaders.TYPE, type(priority));
    header(record, CloudEventHeaders.TIME, Instant.ofEpochMilli(nowMillis).toString());
    header(record, CloudEventHeaders.INTENDED_SEND_TIME, String.valueOf(nowMillis));
    header(record, CloudEventHeaders.SEQUENCE, String.valueOf(1 + number / SENSORS));
    header(record, CloudEventHeaders.SUBJECT, site + "/temperature");
    header(record, CloudEventHeaders.PRIORITY, priority.wireName());
    return record;
  }

  private static String type(Priority priority) {
    return switch (priority) {
      case CRITICAL -> "iot.alarm";
      case HIGH -> "iot.fault";
      case NORMAL -> "iot.telemetry";
      case BULK -> "iot.debug";
    };
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, utf8(value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
