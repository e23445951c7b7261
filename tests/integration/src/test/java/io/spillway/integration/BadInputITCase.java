package io.spillway.integration;

import static io.spillway.integration.SensorRecord.reading;
import static io.spillway.integration.SensorRecord.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.sandbox.cluster.LocalCluster;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One run of the job that is fed, between good events, with everything that is wrong with real
 * input. All records say when they are in event time, so that what comes out does not depend on how
 * fast this is: three windows of good events, with the bad ones in the first, and a last event
 * behind them that closes the third.
 */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputITCase {
  private static final int PARTITIONS = 4;
  private static final int GOOD_PER_PARTITION = 5;
  private static final long WINDOW_MILLIS = 10_000;
  private static final int WINDOWS = 3;
  private static final String GOOD = "good";
  private static final String ODD = "odd";
  private static final byte[] NOT_UTF8 = {'i', 'o', 't', (byte) 0xc3, '(', (byte) 0xff};
  private static final int FIVE_MIB = 5 << 20;

  private final long start =
      Math.floorDiv(System.currentTimeMillis(), WINDOW_MILLIS) * WINDOW_MILLIS - 60_000;
  private final Map<String, Sent> sent = new LinkedHashMap<>();

  private IotRun run;
  private HandProducer<byte[]> producer;
  private List<ConsumerRecord<byte[], byte[]>> letters;
  private List<JsonNode> receipts;
  private List<JsonNode> goodWindows;

  private record Sent(ProducerRecord<byte[], byte[]> record, int partition, long offset) {
    static Sent of(ProducerRecord<byte[], byte[]> record, RecordMetadata place) {
      return new Sent(record, place.partition(), place.offset());
    }
  }

  /** An input that nobody can process, and the reason that is given for it. */
  record BadCase(String what, Reason reason) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<BadCase> deadLetters() {
    return List.of(
        new BadCase("priority that does not exist", Reason.BAD_HEADER),
        new BadCase("type that is not UTF-8", Reason.BAD_HEADER),
        new BadCase("source that is not UTF-8", Reason.BAD_HEADER),
        new BadCase("time that is not UTF-8", Reason.BAD_HEADER),
        new BadCase("sampled rate of 0", Reason.BAD_HEADER),
        new BadCase("negative sampled rate", Reason.BAD_HEADER),
        new BadCase("huge sampled rate", Reason.BAD_HEADER),
        new BadCase("sampled rate beyond any number", Reason.BAD_HEADER),
        new BadCase("time that cannot be parsed", Reason.BAD_TIME),
        new BadCase("time far in the future, partition 0", Reason.BAD_TIME),
        new BadCase("time far in the future, partition 1", Reason.BAD_TIME),
        new BadCase("time far in the future, partition 2", Reason.BAD_TIME),
        new BadCase("time far in the future, partition 3", Reason.BAD_TIME),
        new BadCase("tombstone", Reason.EMPTY_VALUE),
        new BadCase("value without bytes", Reason.EMPTY_VALUE),
        new BadCase("value that is not JSON", Reason.BAD_PAYLOAD),
        new BadCase("value that is not JSON, without headers", Reason.BAD_PAYLOAD),
        new BadCase("value that is not JSON, structured mode", Reason.BAD_PAYLOAD),
        new BadCase("value of 5 MB", Reason.TOO_LARGE),
        new BadCase("time far in the past, after its window closed", Reason.LATE));
  }

  @BeforeAll
  void feedTheJob(LocalCluster cluster) {
    // Nothing is turned away, on the slowest machine.
    Map<String, String> settings = Map.of("admission.enabled", "false");
    run = IotRun.named("bad-input", cluster, settings).start(2);
    producer = HandProducer.of(cluster);
    sendGood(0);
    sendOdd();
    sendBad();
    sendGood(1);
    try (TopicContents aggregates = new TopicContents(cluster, run.topic("aggregates"));
        TopicContents receiptTopic = new TopicContents(cluster, run.topic("receipts"));
        TopicContents letterTopic = new TopicContents(cluster, run.topic("dead-letters"))) {
      // The second window has closed the first one.
      aggregates.await(1, isWindowOf(GOOD));
      send(
          "time far in the past, after its window closed",
          event(0, 900).with(CloudEventHeaders.TIME, "1970-01-01T00:00:00Z"));
      sendGood(2);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        producer.send(
            reading(run.topic("events"), partition, at(WINDOWS, 2_000), "closing", 1).toKafka());
      }
      goodWindows = List.copyOf(aggregates.await(WINDOWS, isWindowOf(GOOD)));
      letters = List.copyOf(letterTopic.await(deadLetters().size()));
      int processed = (WINDOWS * GOOD_PER_PARTITION + 1) * PARTITIONS + 2 + 1;
      receipts = List.copyOf(receiptTopic.await(processed, receipt -> true));
    }
  }

  @AfterAll
  void stop() {
    if (producer != null) {
      producer.close();
    }
    if (run != null) {
      run.close();
    }
  }

  @ParameterizedTest
  @MethodSource("deadLetters")
  void becomesADeadLetterWithItsBytesItsPlaceAndTheReason(BadCase bad) {
    Sent original = sent.get(bad.what());
    ConsumerRecord<byte[], byte[]> letter = letterOf(original);
    assertThat(header(letter, DeadLetterRecordSerializer.REASON))
        .isEqualTo(bad.reason().wireName());
    assertThat(header(letter, DeadLetterRecordSerializer.DETAIL)).isNotEmpty().doesNotContain("\n");
    assertThat(letter.key()).isEqualTo(original.record().key());
    assertThat(letter.value()).isEqualTo(original.record().value());
    List<Header> kept = List.of(letter.headers().toArray());
    List<Header> all = List.of(original.record().headers().toArray());
    assertThat(kept.subList(0, all.size())).isEqualTo(all);
  }

  @Test
  void nothingElseBecomesADeadLetter() {
    assertThat(letters).hasSize(deadLetters().size());
  }

  @Test
  void aRecordWithoutHeadersIsProcessedAsANormalEvent() {
    JsonNode receipt = receiptOf(sent.get("no headers at all"));
    assertThat(receipt.path("priority").asText()).isEqualTo("normal");
    assertThat(receipt.path("source").asText()).isEmpty();
    assertThat(receipt.path("sent").asLong()).isEqualTo(at(0, 500));
  }

  @Test
  void aForeignHeaderThatIsNotUtf8DoesNoHarm() {
    assertThat(receiptOf(sent.get("foreign header that is not UTF-8"))).isNotNull();
  }

  @Test
  void everyGoodEventIsProcessedOnce() {
    assertThat(receipts.stream().filter(r -> r.path("source").asText().startsWith("hand-" + GOOD)))
        .hasSize(WINDOWS * GOOD_PER_PARTITION * PARTITIONS)
        .extracting(r -> r.path("source").asText() + r.path("sequence").asText())
        .doesNotHaveDuplicates();
  }

  @Test
  void theWindowsOfTheGoodEventsAreExactAndNoneIsLate() {
    assertThat(goodWindows)
        .extracting(
            w -> Instant.parse(w.path("start").asText()).toEpochMilli(),
            w -> w.path("kept").asLong(),
            w -> w.path("count").asDouble(),
            w -> w.path("sum").asDouble())
        .containsExactlyInAnyOrder(exact(0), exact(1), exact(2));
  }

  @Test
  void theJobRunsOnWithoutARestart() {
    assertThat(run.isUnharmed()).isTrue();
  }

  private void sendGood(int window) {
    for (int i = 0; i < GOOD_PER_PARTITION; i++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        long number = 1 + (long) window * GOOD_PER_PARTITION + i;
        producer.send(
            reading(run.topic("events"), partition, at(window, 1_500 + i), GOOD, number).toKafka());
      }
    }
  }

  /** What looks wrong and is not. */
  private void sendOdd() {
    send("no headers at all", event(1, 500).withoutHeaders());
    send("foreign header that is not UTF-8", event(2, 500).with("x-trace", NOT_UTF8));
  }

  private void sendBad() {
    send("priority that does not exist", event(0, 600).with(CloudEventHeaders.PRIORITY, "urgent"));
    send("type that is not UTF-8", event(1, 600).with(CloudEventHeaders.TYPE, NOT_UTF8));
    send("source that is not UTF-8", event(2, 600).with(CloudEventHeaders.SOURCE, NOT_UTF8));
    send("time that is not UTF-8", event(3, 600).with(CloudEventHeaders.TIME, NOT_UTF8));
    String rate = CloudEventHeaders.SAMPLED_RATE;
    send("sampled rate of 0", event(0, 610).with(rate, "0"));
    send("negative sampled rate", event(1, 610).with(rate, "-5"));
    send("huge sampled rate", event(2, 610).with(rate, "1000000001"));
    send("sampled rate beyond any number", event(3, 610).with(rate, "9".repeat(40)));
    send("time that cannot be parsed", event(0, 620).with(CloudEventHeaders.TIME, "yesterday"));
    for (int partition = 0; partition < PARTITIONS; partition++) {
      send(
          "time far in the future, partition " + partition,
          event(partition, 630).with(CloudEventHeaders.TIME, "2999-01-01T00:00:00Z"));
    }
    send("tombstone", event(0, 640).withValue(null));
    send("value without bytes", event(1, 640).withValue(new byte[0]));
    send("value that is not JSON", event(2, 640).withValue(utf8("site=s-1 value=21.5")));
    send(
        "value that is not JSON, without headers",
        event(3, 640).withValue(utf8("<reading/>")).withoutHeaders());
    send(
        "value that is not JSON, structured mode",
        event(0, 650)
            .with(CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.STRUCTURED_JSON)
            .withValue(utf8("{\"specversion\":\"1.0\",")));
    send("value of 5 MB", event(1, 650).withValue(large()));
  }

  private SensorRecord event(int partition, long offsetMillis) {
    return reading(run.topic("events"), partition, at(0, offsetMillis), ODD, sent.size() + 1);
  }

  private void send(String what, SensorRecord event) {
    ProducerRecord<byte[], byte[]> record = event.toKafka();
    sent.put(what, Sent.of(record, producer.send(record)));
  }

  private long at(int window, long offsetMillis) {
    return start + window * WINDOW_MILLIS + offsetMillis;
  }

  private org.assertj.core.groups.Tuple exact(int window) {
    int events = GOOD_PER_PARTITION * PARTITIONS;
    return org.assertj.core.api.Assertions.tuple(
        at(window, 0), (long) events, (double) events, (double) events);
  }

  private ConsumerRecord<byte[], byte[]> letterOf(Sent original) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      if (header(letter, DeadLetterRecordSerializer.TOPIC).equals(run.topic("events"))
          && header(letter, DeadLetterRecordSerializer.PARTITION)
              .equals(String.valueOf(original.partition()))
          && header(letter, DeadLetterRecordSerializer.OFFSET)
              .equals(String.valueOf(original.offset()))) {
        found.add(letter);
      }
    }
    assertThat(found).as("letters with this place").hasSize(1);
    return found.get(0);
  }

  private JsonNode receiptOf(Sent original) {
    return receipts.stream()
        .filter(r -> r.path("partition").asInt() == original.partition())
        .filter(r -> r.path("offset").asLong() == original.offset())
        .findFirst()
        .orElse(null);
  }

  private static java.util.function.Predicate<JsonNode> isWindowOf(String site) {
    return window -> window.path("site").asText().equals(site);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] large() {
    byte[] value = new byte[FIVE_MIB];
    Arrays.fill(value, (byte) 'x');
    return value;
  }
}
