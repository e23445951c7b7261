package io.spillway.jobs.load;

import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Writes an event of the plan as a Kafka record: an IoT measurement in CloudEvents binary mode, key
 * = source, so that a source's events keep their order in one partition. What an event shares with
 * others (its source's names, its type, its millisecond) is written once and used again; what is
 * left per event is two decimal numbers and the payload. Not thread safe: it remembers the last
 * millisecond.
 */
final class IotEvents {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Header JSON = header(CloudEventHeaders.CONTENT_TYPE, "application/json");
  private static final Header VERSION = header(CloudEventHeaders.SPEC_VERSION, "1.0");
  private static final Header[] TYPES =
      Stream.of(Priority.values())
          .map(priority -> header(CloudEventHeaders.TYPE, type(priority)))
          .toArray(Header[]::new);
  private static final Header[] PRIORITIES =
      Stream.of(Priority.values())
          .map(priority -> header(CloudEventHeaders.PRIORITY, priority.wireName()))
          .toArray(Header[]::new);

  private final EventPlan plan;
  private final Sensor[] sensors;
  private final IotPayload payload;
  private final boolean priorityHeader;
  private final List<String> topics;

  private long lastMillis = -1;
  private Header lastTime;
  private Header lastIntended;

  IotEvents(LoadOptions options) {
    this.plan = new EventPlan(options);
    this.sensors = new Sensor[options.sources() + 1];
    this.payload = new IotPayload(options.eventBytes(), options.seed());
    this.priorityHeader = options.priorityHeader();
    this.topics = options.topics();
  }

  /** The type of the events of a priority, the counterpart of the default priority rules. */
  static String type(Priority priority) {
    return switch (priority) {
      case CRITICAL -> "iot.alarm";
      case HIGH -> "iot.fault";
      case NORMAL -> "iot.telemetry";
      case BULK -> "iot.debug";
    };
  }

  /** The record for this event. Its Kafka timestamp is left to the producer: the actual sending. */
  ProducerRecord<byte[], byte[]> record(long event, long dueMillis) {
    Priority priority = plan.priority(event);
    Sensor sensor = sensor(plan.source(event));
    RecordHeaders headers = headers(sensor, plan.sequence(event), priority, dueMillis);
    byte[] value = payload.of(sensor, event);
    Malformed malformed = plan.malformed(event);
    if (malformed != null) {
      value = malformed.value(value);
      if (malformed.header() != null) {
        headers.remove(malformed.header().key()).add(malformed.header());
      }
    }
    return new ProducerRecord<>(topic(priority), null, null, sensor.key(), value, headers);
  }

  private String topic(Priority priority) {
    return topics.get(topics.size() == 1 ? 0 : priority.ordinal());
  }

  private RecordHeaders headers(Sensor sensor, long sequence, Priority priority, long dueMillis) {
    if (dueMillis != lastMillis) {
      lastMillis = dueMillis;
      lastTime = header(CloudEventHeaders.TIME, RFC_3339.format(Instant.ofEpochMilli(dueMillis)));
      lastIntended = header(CloudEventHeaders.INTENDED_SEND_TIME, Long.toString(dueMillis));
    }
    Header[] headers = new Header[priorityHeader ? 10 : 9];
    headers[0] = JSON;
    headers[1] = VERSION;
    headers[2] =
        new RecordHeader(CloudEventHeaders.ID, Decimal.append(sensor.idPrefix(), sequence));
    headers[3] = sensor.source();
    headers[4] = TYPES[priority.ordinal()];
    headers[5] = lastTime;
    headers[6] = lastIntended;
    headers[7] = new RecordHeader(CloudEventHeaders.SEQUENCE, Decimal.of(sequence));
    headers[8] = sensor.subject();
    if (priorityHeader) {
      headers[9] = PRIORITIES[priority.ordinal()];
    }
    return new RecordHeaders(headers);
  }

  private Sensor sensor(int number) {
    Sensor known = sensors[number];
    return known != null ? known : (sensors[number] = Sensor.number(number));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
