package io.spillway.jobs.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.LedgerRecord;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.util.clock.ManualClock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** What comes of a ledger and an input; the clock stands at 1,000 s, retention is 4,000 s. */
class KafkaBacklogTest {
  private static final TopicPartition LEDGER = new TopicPartition("ledger", 0);
  private static final TopicPartition EVENTS = new TopicPartition("iot.events", 0);
  private static final long NOW_MILLIS = 1_000_000;

  private final MockConsumer<byte[], byte[]> ledger = new MockConsumer<>("earliest");
  private final MockConsumer<byte[], byte[]> input = new MockConsumer<>("earliest");
  private final ManualClock clock = new ManualClock(NOW_MILLIS * 1_000_000);
  private final FixedRetention retention = new FixedRetention();
  private final List<byte[]> records = new ArrayList<>();
  private final KafkaBacklog backlog =
      new KafkaBacklog("ledger", Set.of("iot.events"), ledger, input, retention, clock);

  @BeforeEach
  void topics() {
    exists(ledger, LEDGER, 0, 0);
    exists(input, EVENTS, 0, 1_000);
  }

  @Test
  void withoutADeferredEventNothingWaitsAndNoTimeRuns() throws IOException {
    assertThat(measure()).isEqualTo(new DeferredState(0, Double.NaN, Double.NaN, Double.NaN, 0));
  }

  @Test
  void theFirstEventThatWaitsSaysHowOldAndHowLongStill() throws IOException {
    says(deferring("iot.events", 100, 0, 5, 9));
    inputHas(100, NOW_MILLIS - 600_000);
    assertThat(measure()).isEqualTo(new DeferredState(3, 600, 3_400, 0.85, 0));
    says(settled(Settlement.Kind.REPLAYED, 100, 0, 5));
    inputHas(109, NOW_MILLIS - 200_000);
    assertThat(measure()).isEqualTo(new DeferredState(1, 200, 3_800, 0.95, 0));
  }

  @Test
  void whatRetentionHasDeletedIsGoneAndTheNextEventIsTheFirst() throws IOException {
    says(deferring("iot.events", 100, 0, 5, 9));
    exists(input, EVENTS, 103, 1_000);
    inputHas(105, NOW_MILLIS - 100_000);
    DeferredState state = measure();
    assertThat(state.open()).isEqualTo(2);
    assertThat(state.gone()).isEqualTo(1);
    assertThat(state.oldestSeconds()).isCloseTo(100, within(1e-9));
    assertThat(measure().gone()).as("still one").isEqualTo(1);
  }

  @Test
  void everythingOfADeletedTopicIsGone() throws IOException {
    says(deferring("iot.events", 100, 0, 5));
    input.updatePartitions("iot.events", List.of());
    assertThat(measure()).isEqualTo(new DeferredState(0, Double.NaN, Double.NaN, Double.NaN, 2));
  }

  @Test
  void whatLiesBehindTheEndOfATopicThatWasMadeAnewIsGone() throws IOException {
    says(deferring("iot.events", 100, 0, 5));
    exists(input, EVENTS, 0, 50);
    assertThat(measure().gone()).isEqualTo(2);
  }

  @Test
  void theDeferredEventsOfOtherJobsAreTheirs() throws IOException {
    says(deferring("video.events", 100, 0, 5));
    assertThat(measure().open()).isZero();
  }

  @Test
  void aRecordThatCannotBeReadIsPassedOver() throws IOException {
    records.add("{".getBytes(StandardCharsets.UTF_8));
    records.add(null);
    says(deferring("iot.events", 100, 0));
    inputHas(100, NOW_MILLIS);
    assertThat(measure().open()).isEqualTo(1);
  }

  @Test
  void aLedgerThatWasMadeAnewIsReadAnew() throws IOException {
    says(deferring("iot.events", 100, 0, 5));
    inputHas(100, NOW_MILLIS);
    assertThat(measure().open()).isEqualTo(2);
    records.clear();
    assertThat(measure().open()).isZero();
  }

  @Test
  void aLongLedgerIsReadInSeveralStretches() throws IOException {
    says(deferring("iot.events", 100, 0, 5));
    inputHas(100, NOW_MILLIS);
    ledger.updateEndOffsets(Map.of(LEDGER, 2L));
    ledger.schedulePollTask(() -> clock.advanceTime(Duration.ofSeconds(6)));
    assertThat(backlog.measure()).as("one record is still to come").isEmpty();
    says(deferring("iot.events", 200, 0));
    assertThat(measure().open()).isEqualTo(3);
  }

  @Test
  void howMuchWaitsIsKnownWhereTheRetentionIsNot() throws IOException {
    says(deferring("iot.events", 100, 0));
    inputHas(100, NOW_MILLIS - 5_000);
    retention.failure = new IOException("not allowed");
    assertThat(measure()).isEqualTo(new DeferredState(1, 5, Double.NaN, Double.NaN, 0));
  }

  @Test
  void aMissingLedgerIsSaid() {
    ledger.updatePartitions("ledger", List.of());
    assertThatThrownBy(backlog::measure)
        .isInstanceOf(IOException.class)
        .hasMessage("there is no topic ledger");
  }

  private DeferredState measure() throws IOException {
    ledger.updateEndOffsets(Map.of(LEDGER, (long) records.size()));
    ledger.schedulePollTask(
        () -> {
          for (int i = (int) ledger.position(LEDGER); i < records.size(); i++) {
            ledger.addRecord(new ConsumerRecord<>("ledger", 0, i, null, records.get(i)));
          }
        });
    Optional<DeferredState> state = backlog.measure();
    assertThat(state).isPresent();
    return state.get();
  }

  private void says(LedgerRecord record) {
    records.add(LedgerJson.write(record));
  }

  /** Once it is asked for: the mock forgets records when the assignment changes. */
  private void inputHas(long offset, long timestampMillis) {
    input.schedulePollTask(
        () -> {
          if (input.assignment().contains(EVENTS)) {
            input.addRecord(
                new ConsumerRecord<>(
                    EVENTS.topic(),
                    0,
                    offset,
                    timestampMillis,
                    TimestampType.CREATE_TIME,
                    0,
                    1,
                    null,
                    new byte[1],
                    new RecordHeaders(),
                    Optional.empty()));
          }
        });
  }

  private static void exists(
      MockConsumer<byte[], byte[]> consumer, TopicPartition partition, long start, long end) {
    consumer.updatePartitions(
        partition.topic(),
        List.of(new PartitionInfo(partition.topic(), partition.partition(), null, null, null)));
    consumer.updateBeginningOffsets(Map.of(partition, start));
    consumer.updateEndOffsets(Map.of(partition, end));
  }

  private static LedgerEntry deferring(String topic, long from, int... offsets) {
    return new LedgerEntry(
        topic,
        0,
        from,
        from + offsets[offsets.length - 1],
        "all",
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        Map.of(Outcome.DEFERRED, RoaringBitmap.bitmapOf(offsets)),
        Terms.unknown());
  }

  private static Settlement settled(Settlement.Kind kind, long from, int... offsets) {
    return new Settlement(
        "iot.events",
        0,
        from,
        from + offsets[offsets.length - 1],
        "replay",
        kind,
        "run",
        RoaringBitmap.bitmapOf(offsets));
  }

  private static final class FixedRetention implements Retentions {
    private static final Retention RETENTION = new Retention(4_000_000, -1);

    private final Map<TopicPartition, Log> looked = new HashMap<>();
    private IOException failure;

    @Override
    public void look(Map<TopicPartition, Log> logs) throws IOException {
      if (failure != null) {
        throw failure;
      }
      looked.putAll(logs);
    }

    @Override
    public Retention.Left left(TopicPartition partition, long offset, long timestamp, long now) {
      assertThat(looked).containsKey(partition);
      return RETENTION.byAge(timestamp, now);
    }

    @Override
    public void close() {}
  }
}
