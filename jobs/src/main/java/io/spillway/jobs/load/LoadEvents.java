package io.spillway.jobs.load;

import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Writes an event of the plan as a Kafka record in CloudEvents binary mode, in the words of the job
 * that it is for. What an event shares with others (its source's names, its type, its millisecond)
 * is written once and used again; what is left per event is two decimal numbers and the payload.
 * Not thread safe: it remembers the last millisecond.
 */
final class LoadEvents {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Header JSON = header(CloudEventHeaders.CONTENT_TYPE, "application/json");
  private static final Header VERSION = header(CloudEventHeaders.SPEC_VERSION, "1.0");
  private static final Header[] PRIORITIES =
      Stream.of(Priority.values())
          .map(priority -> header(CloudEventHeaders.PRIORITY, priority.wireName()))
          .toArray(Header[]::new);

  private final EventPlan plan;
  private final Vocabulary words;
  private final Map<String, Header> types = new HashMap<>();
  private final boolean priorityHeader;
  private final List<String> topics;

  private long lastMillis = -1;
  private Header lastTime;
  private Header lastIntended;

  LoadEvents(LoadOptions options) {
    this.plan = new EventPlan(options);
    this.words = options.events().vocabulary(options);
    this.priorityHeader = options.priorityHeader();
    this.topics = options.topics();
  }

  /** The record for this event. Its Kafka timestamp is left to the producer: the actual sending. */
  ProducerRecord<byte[], byte[]> record(long event, long dueMillis) {
    Priority priority = plan.priority(event);
    int source = plan.source(event);
    long sequence = plan.sequence(event);
    RecordHeaders headers = headers(source, sequence, priority, dueMillis);
    byte[] value = words.payload(source, sequence, priority, plan.original(event));
    Malformed malformed = plan.malformed(event);
    if (malformed != null) {
      value = malformed.value(value);
      if (malformed.header() != null) {
        headers.remove(malformed.header().key()).add(malformed.header());
      }
    }
    return new ProducerRecord<>(
        topic(priority), null, null, words.key(source, sequence), value, headers);
  }

  private String topic(Priority priority) {
    return topics.get(topics.size() == 1 ? 0 : priority.ordinal());
  }

  private RecordHeaders headers(int source, long sequence, Priority priority, long dueMillis) {
    if (dueMillis != lastMillis) {
      lastMillis = dueMillis;
      lastTime = header(CloudEventHeaders.TIME, RFC_3339.format(Instant.ofEpochMilli(dueMillis)));
      lastIntended = header(CloudEventHeaders.INTENDED_SEND_TIME, Long.toString(dueMillis));
    }
    Sender sender = words.sender(source);
    Header[] headers = new Header[priorityHeader ? 10 : 9];
    headers[0] = JSON;
    headers[1] = VERSION;
    headers[2] =
        new RecordHeader(CloudEventHeaders.ID, Decimal.append(sender.idPrefix(), sequence));
    headers[3] = sender.source();
    headers[4] = types.computeIfAbsent(words.type(priority, sequence), LoadEvents::type);
    headers[5] = lastTime;
    headers[6] = lastIntended;
    headers[7] = new RecordHeader(CloudEventHeaders.SEQUENCE, Decimal.of(sequence));
    headers[8] = sender.subject();
    if (priorityHeader) {
      headers[9] = PRIORITIES[priority.ordinal()];
    }
    return new RecordHeaders(headers);
  }

  private static Header type(String type) {
    return header(CloudEventHeaders.TYPE, type);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
