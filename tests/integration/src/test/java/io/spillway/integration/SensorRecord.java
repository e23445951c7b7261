package io.spillway.integration;

import io.spillway.event.CloudEventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A well-formed reading as a Kafka record in binary mode, of which a test changes what it is about.
 * Event time and Kafka timestamp are the same unless said otherwise. Immutable.
 */
record SensorRecord(
    String topic,
    int partition,
    long timestampMillis,
    String source,
    Map<String, byte[]> headers,
    byte[] value) {

  /** A NORMAL reading of 1.0 degrees by this sensor at this site. */
  static SensorRecord reading(String topic, int partition, long millis, String site, long number) {
    String source = "hand-" + site + "-" + partition;
    Map<String, byte[]> headers = new LinkedHashMap<>();
    headers.put(CloudEventHeaders.CONTENT_TYPE, utf8("application/json"));
    headers.put(CloudEventHeaders.SPEC_VERSION, utf8("1.0"));
    headers.put(CloudEventHeaders.ID, utf8(source + "-" + number));
    headers.put(CloudEventHeaders.SOURCE, utf8(source));
    headers.put(CloudEventHeaders.TYPE, utf8("iot.telemetry"));
    headers.put(CloudEventHeaders.TIME, utf8(Instant.ofEpochMilli(millis).toString()));
    headers.put(CloudEventHeaders.SEQUENCE, utf8(Long.toString(number)));
    return new SensorRecord(topic, partition, millis, source, headers, payload(site, source));
  }

  SensorRecord with(String header, String text) {
    return with(header, utf8(text));
  }

  SensorRecord with(String header, byte[] bytes) {
    Map<String, byte[]> changed = new LinkedHashMap<>(headers);
    changed.put(header, bytes);
    return new SensorRecord(topic, partition, timestampMillis, source, changed, value);
  }

  SensorRecord withoutHeaders() {
    return new SensorRecord(topic, partition, timestampMillis, source, Map.of(), value);
  }

  SensorRecord withValue(byte[] bytes) {
    return new SensorRecord(topic, partition, timestampMillis, source, headers, bytes);
  }

  ProducerRecord<byte[], byte[]> toKafka() {
    Headers all = new RecordHeaders();
    headers.forEach(all::add);
    return new ProducerRecord<>(topic, partition, timestampMillis, utf8(source), value, all);
  }

  private static byte[] payload(String site, String sensor) {
    return utf8(
        "{\"site\":\"%s\",\"sensor\":\"%s\",\"metric\":\"temperature\",\"value\":1.0,\"unit\":\"C\"}"
            .formatted(site, sensor));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
