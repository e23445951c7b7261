package io.spillway.jobs.load;

import static io.spillway.jobs.load.LoadOptionsTest.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.video.PlaybackEvent;
import io.spillway.jobs.video.PlaybackEvents;
import io.spillway.jobs.video.PlaybackPayload;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadEventsTest {
  private static final long NOON = 1_732_449_600_123L;
  private static final EventLimits LIMITS = EventLimits.defaults();

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void aReaderOfTheContractFindsWhatWasMeant() {
    LoadOptions options = options(Map.of("hot.share", "0.2"));
    EventPlan plan = new EventPlan(options);
    LoadEvents events = new LoadEvents(options);
    for (long n = 0; n < 2_000; n++) {
      ProducerRecord<byte[], byte[]> record = events.record(n, NOON + n);
      EventAttributes read = read(record);

      String source = "sensor-" + plan.source(n);
      assertThat(read.problem()).isNull();
      assertThat(read.source()).isEqualTo(source);
      assertThat(record.key()).asString().isEqualTo(source);
      assertThat(read.sequence()).isEqualTo(plan.sequence(n));
      assertThat(read.id()).asString().isEqualTo(source + "-" + plan.sequence(n));
      assertThat(read.priority()).isEqualTo(plan.priority(n));
      assertThat(read.type())
          .isEqualTo(options.events().vocabulary(options).type(plan.priority(n), 1));
      assertThat(read.sentMillis()).isEqualTo(NOON + n);
      assertThat(read.eventTimeMillis()).isEqualTo(NOON + n);
      assertThat(read.text(CloudEventHeaders.SPEC_VERSION)).isEqualTo("1.0");
      assertThat(read.text(CloudEventHeaders.CONTENT_TYPE)).isEqualTo("application/json");
      assertThat(record.timestamp()).isNull();
      assertThat(record.partition()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"transactions, a-%d", "video, player-%d"})
  void eventsOfEveryJobKeepTheContract(String kind, String source) {
    LoadOptions options =
        options(Map.of("events", kind, "sources", "50", "duplicates.share", "0.1"));
    EventPlan plan = new EventPlan(options);
    Vocabulary words = options.events().vocabulary(options);
    LoadEvents events = new LoadEvents(options);
    for (long n = 0; n < 2_000; n++) {
      ProducerRecord<byte[], byte[]> record = events.record(n, NOON + n);
      EventAttributes read = read(record);
      assertThat(read.problem()).isNull();
      assertThat(read.source()).isEqualTo(source.formatted(plan.source(n)));
      assertThat(read.id()).asString().isEqualTo(read.source() + "-" + plan.sequence(n));
      assertThat(read.sequence()).isEqualTo(plan.sequence(n));
      assertThat(read.priority()).isEqualTo(plan.priority(n));
      assertThat(read.type()).isEqualTo(words.type(plan.priority(n), plan.sequence(n)));
      assertThat(record.key()).isEqualTo(words.key(plan.source(n), plan.sequence(n)));
      assertThat(record.value())
          .isEqualTo(
              words.payload(plan.source(n), plan.sequence(n), plan.priority(n), plan.original(n)));
    }
  }

  @Test
  void theVideoJobReadsWhatIsWrittenAndFindsTheRouteInTheHeaders() throws Exception {
    LoadEvents events = new LoadEvents(options(Map.of("events", "video")));
    for (long n = 0; n < 1_000; n++) {
      RawEvent raw = raw(events.record(n, NOON));
      EventAttributes attributes = EventAttributes.read(raw, LIMITS);
      PlaybackEvent event =
          PlaybackPayload.read(
              PlaybackEvents.admitted(raw, attributes.priority(), 1), attributes, 0, raw.value());
      assertThat(event.point().viewer()).isEqualTo(new String(raw.key(), StandardCharsets.UTF_8));
      assertThat(event.attributed()).isTrue();
    }
  }

  @Test
  void timesHaveMillisecondsEvenWhereTheyAreZero() {
    LoadEvents events = new LoadEvents(options(Map.of()));
    assertThat(read(events.record(0, 1_732_449_600_000L)).text(CloudEventHeaders.TIME))
        .isEqualTo("2024-11-24T12:00:00.000Z");
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 200, 5_000})
  void thePayloadIsJsonOfTheSizeAskedFor(int bytes) throws Exception {
    LoadEvents events =
        new LoadEvents(options(Map.of("event.bytes", String.valueOf(bytes), "sources", "100000")));
    for (long n = 0; n < 500; n++) {
      ProducerRecord<byte[], byte[]> record = events.record(n, NOON);
      assertThat(record.value()).hasSize(bytes);
      JsonNode payload = json.readTree(record.value());
      assertThat(payload.get("sensor").asText())
          .isEqualTo(new String(record.key(), StandardCharsets.US_ASCII));
      assertThat(payload.get("site").asText()).matches("s-\\d+");
      assertThat(payload.get("metric").asText()).isNotEmpty();
      assertThat(payload.get("value").isNumber()).isTrue();
      assertThat(payload.get("value").asDouble()).isBetween(10.0, 80.0);
      assertThat(payload.get("unit").asText()).isNotEmpty();
    }
  }

  @Test
  void idsAreUniqueAndTheSameEveryTime() {
    LoadEvents once = new LoadEvents(options(Map.of("noisy.factor", "9")));
    LoadEvents again = new LoadEvents(options(Map.of("noisy.factor", "9")));
    Set<String> ids = new HashSet<>();
    for (long n = 0; n < 5_000; n++) {
      byte[] id = read(once.record(n, NOON)).id();
      assertThat(read(again.record(n, NOON + 5)).id()).isEqualTo(id);
      ids.add(new String(id, StandardCharsets.US_ASCII));
    }
    assertThat(ids).hasSize(5_000);
  }

  @Test
  void withoutThePriorityHeaderTheTypeStillTells() {
    LoadEvents events = new LoadEvents(options(Map.of("priority.header", "false")));
    Set<String> types = new HashSet<>();
    for (long n = 0; n < 100; n++) {
      EventAttributes read = read(events.record(n, NOON));
      assertThat(read.priority()).isNull();
      types.add(read.type());
    }
    assertThat(types)
        .containsExactlyInAnyOrder("iot.alarm", "iot.fault", "iot.telemetry", "iot.debug");
  }

  @Test
  void aTopicPerPriorityGetsItsPriorityOnly() {
    LoadEvents events = new LoadEvents(options(Map.of("topic.mode", "per_priority")));
    Map<String, Integer> counts = new HashMap<>();
    for (long n = 0; n < 100; n++) {
      ProducerRecord<byte[], byte[]> record = events.record(n, NOON);
      Priority priority = read(record).priority();
      assertThat(record.topic()).isEqualTo("iot.events." + priority.wireName());
      counts.merge(priority.wireName(), 1, Integer::sum);
    }
    assertThat(counts)
        .containsOnly(
            Map.entry("critical", 5),
            Map.entry("high", 15),
            Map.entry("normal", 40),
            Map.entry("bulk", 40));
  }

  @ParameterizedTest
  @EnumSource(Malformed.class)
  void aMalformedEventIsSetAsideForItsReasonAndKeepsItsIdentity(Malformed kind) {
    LoadOptions options = options(Map.of("malformed.share", "1"));
    EventPlan plan = new EventPlan(options);
    long event =
        LongStream.range(0, 100).filter(n -> plan.malformed(n) == kind).findFirst().orElseThrow();

    ProducerRecord<byte[], byte[]> record = new LoadEvents(options).record(event, NOON);

    if (kind == Malformed.CUT_SHORT) {
      assertThat(read(record).problem()).isNull();
      assertThat(isJson(record.value())).isFalse();
    } else {
      assertThat(read(record).problem()).isEqualTo(kind.reason());
    }
    String source = "sensor-" + plan.source(event);
    assertThat(header(record, CloudEventHeaders.SOURCE)).isEqualTo(source);
    assertThat(header(record, CloudEventHeaders.ID)).isEqualTo(source + "-" + plan.sequence(event));
    assertThat(header(record, CloudEventHeaders.SEQUENCE))
        .isEqualTo(String.valueOf(plan.sequence(event)));
    assertThat(header(record, CloudEventHeaders.INTENDED_SEND_TIME))
        .isEqualTo(String.valueOf(NOON));
  }

  private boolean isJson(byte[] value) {
    try {
      json.readTree(value);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static EventAttributes read(ProducerRecord<byte[], byte[]> record) {
    return EventAttributes.read(raw(record), LIMITS);
  }

  private static RawEvent raw(ProducerRecord<byte[], byte[]> record) {
    Header[] headers = record.headers().toArray();
    String[] names = new String[headers.length];
    byte[][] values = new byte[headers.length][];
    for (int i = 0; i < headers.length; i++) {
      names[i] = headers[i].key();
      values[i] = headers[i].value();
    }
    return new RawEvent(
        record.topic(), 0, 0, NOON, record.key(), record.value(), EventHeaders.of(names, values));
  }
}
