package io.spillway.benchmarks.cost;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Events as the load generator writes them and as the source hands them on: ten CloudEvents
 * headers, a JSON payload of 200 bytes unless told otherwise, the default mix of priorities in
 * random order.
 */
final class SampleEvents {
  static final int COUNT = 4096;

  /** The demo's. */
  static final int PAYLOAD_BYTES = 200;

  private static final int[] MIX_PERCENT = {5, 15, 40, 40};
  private static final String[] TYPES = {"iot.alarm", "iot.fault", "iot.telemetry", "iot.debug"};
  private static final long START_MILLIS = 1_767_225_600_000L;

  private SampleEvents() {}

  /** The priority of each event. */
  static Priority[] priorities() {
    SplittableRandom random = new SplittableRandom(1);
    Priority[] priorities = new Priority[COUNT];
    for (int i = 0; i < COUNT; i++) {
      int percent = random.nextInt(100);
      int p = 0;
      while (percent >= MIX_PERCENT[p]) {
        percent -= MIX_PERCENT[p++];
      }
      priorities[i] = Priority.of(p);
    }
    return priorities;
  }

  /** The events at contiguous offsets of one partition. */
  static RawEvent[] raw() {
    return raw(PAYLOAD_BYTES);
  }

  /** The same with payloads of about this size, which differ in one long text. */
  static RawEvent[] raw(int payloadBytes) {
    Priority[] priorities = priorities();
    RawEvent[] events = new RawEvent[COUNT];
    for (int i = 0; i < COUNT; i++) {
      events[i] = event(i, priorities[i], payloadBytes);
    }
    return events;
  }

  /** The event as the Kafka client hands it over; names of headers are texts of its own. */
  static ConsumerRecord<byte[], byte[]> record(RawEvent event) {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < event.headers().size(); i++) {
      String name = new String(event.headers().name(i).toCharArray());
      headers.add(name, event.headers().value(i));
    }
    return new ConsumerRecord<>(
        event.topic(),
        event.partition(),
        event.offset(),
        event.timestampMillis(),
        TimestampType.CREATE_TIME,
        event.key().length,
        event.value().length,
        event.key(),
        event.value(),
        headers,
        Optional.empty());
  }

  private static RawEvent event(int number, Priority priority, int payloadBytes) {
    String source = "sensor-" + (1 + number % 1000);
    long millis = START_MILLIS + number / 4;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(CloudEventHeaders.CONTENT_TYPE, "application/json");
    headers.put(CloudEventHeaders.SPEC_VERSION, "1.0");
    headers.put(CloudEventHeaders.ID, source + "-" + number);
    headers.put(CloudEventHeaders.SOURCE, source);
    headers.put(CloudEventHeaders.TYPE, TYPES[priority.ordinal()]);
    headers.put(CloudEventHeaders.TIME, Instant.ofEpochMilli(millis).toString());
    headers.put(CloudEventHeaders.INTENDED_SEND_TIME, Long.toString(millis));
    headers.put(CloudEventHeaders.SEQUENCE, Integer.toString(1 + number / 1000));
    headers.put(CloudEventHeaders.SUBJECT, "s-" + number % 10 + "/temperature");
    headers.put(CloudEventHeaders.PRIORITY, priority.wireName());
    String[] names = headers.keySet().toArray(String[]::new);
    byte[][] values = headers.values().stream().map(SampleEvents::utf8).toArray(byte[][]::new);
    return new RawEvent(
        "iot.events",
        0,
        number,
        millis,
        utf8(source),
        payload(source, number, payloadBytes),
        EventHeaders.of(names, values));
  }

  private static byte[] payload(String source, int number, int bytes) {
    String start =
        "{\"site\":\"s-%d\",\"sensor\":\"%s\",\"metric\":\"temperature\",\"value\":%d.%d,\"unit\":\"C\",\"filler\":\""
            .formatted(number % 10, source, 15 + number % 10, number % 7);
    StringBuilder text = new StringBuilder(start);
    SplittableRandom letters = new SplittableRandom(7);
    while (text.length() < bytes - 2) {
      text.append((char) ('a' + letters.nextInt(26)));
    }
    return utf8(text.append("\"}").toString());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
