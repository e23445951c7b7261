package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.TimeSpans;
import io.spillway.ledger.LedgerEntry;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class AdmissionOperatorTest {
  private static final long NOW_MILLIS = 1_700_000_000_000L;
  private static final long PANE = 10_000;
  private static final int MAX_OPEN = 4;
  private static final RejectionCounting COUNTING =
      new RejectionCounting(
          (raw, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
          new TimeSpans(PANE, false),
          MAX_OPEN);

  private OneInputStreamOperatorTestHarness<RawEvent, AdmittedEvent> harness;

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void putsEachEventOnTheLaneOfItsPriority(boolean objectReuse) throws Exception {
    open(Map.of(), Lane.ALL, objectReuse);
    for (Priority priority : Priority.values()) {
      process(event(priority.ordinal(), CloudEventHeaders.PRIORITY, priority.wireName()));
    }
    assertThat(on(Lane.EXPRESS))
        .extracting(AdmittedEvent::priority)
        .containsExactly(Priority.CRITICAL);
    assertThat(on(Lane.BULK))
        .extracting(AdmittedEvent::priority)
        .containsExactly(Priority.HIGH, Priority.NORMAL, Priority.BULK);
  }

  @Test
  void aSingleLaneTakesEverything() throws Exception {
    open(Map.of("lanes", "single", "admission.enabled", "false"), Lane.ALL, true);
    for (Priority priority : Priority.values()) {
      process(event(priority.ordinal(), CloudEventHeaders.PRIORITY, priority.wireName()));
    }
    assertThat(on(Lane.ALL)).hasSize(4);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(harness.getSideOutput(AdmissionOperator.LEDGER)).isNullOrEmpty();
  }

  @Test
  void anIsolatedLanePassesOverTheEventsOfTheOthers() throws Exception {
    open(Map.of("lanes", "isolated"), Lane.EXPRESS, true);
    process(event(1, CloudEventHeaders.PRIORITY, "critical"));
    process(event(2, CloudEventHeaders.PRIORITY, "bulk"));
    process(event(3, CloudEventHeaders.PRIORITY, "no such priority"));
    assertThat(on(Lane.EXPRESS)).hasSize(1);
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS)).isNullOrEmpty();
    harness.prepareSnapshotPreBarrier(1);
    assertThat(ledger())
        .singleElement()
        .satisfies(e -> assertThat(e.seen()).containsExactly(1, 0, 0, 0));
  }

  @Test
  void anUnreadableEventIsADeadLetterOfTheBulkLaneAlone() throws Exception {
    open(Map.of("lanes", "isolated"), Lane.BULK, true);
    RawEvent bad = event(3, CloudEventHeaders.PRIORITY, "no such priority");
    process(bad);
    assertThat(harness.getSideOutput(AdmissionOperator.DEAD_LETTERS))
        .extracting(StreamRecord::getValue)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.event()).isEqualTo(bad);
              assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_HEADER);
            });
  }

  @Test
  void multipliesTheIncomingWeight() throws Exception {
    open(Map.of(), Lane.ALL, true);
    process(event(1, CloudEventHeaders.SAMPLED_RATE, "10"));
    assertThat(on(Lane.BULK)).singleElement().extracting(AdmittedEvent::weight).isEqualTo(10.0);
  }

  @Test
  void anEventPastItsDeadlineIsExpiredAndInTheLedgerBeforeTheBarrier() throws Exception {
    open(Map.of(), Lane.ALL, true);
    String past = Instant.ofEpochMilli(NOW_MILLIS).minusSeconds(5).toString();
    String future = Instant.ofEpochMilli(NOW_MILLIS).plusSeconds(3600).toString();
    process(event(7, CloudEventHeaders.EXPIRY_TIME, past));
    process(event(8, CloudEventHeaders.EXPIRY_TIME, future));
    assertThat(on(Lane.BULK)).hasSize(1);
    harness.prepareSnapshotPreBarrier(1);
    LedgerEntry entry = ledger().iterator().next();
    assertThat(entry.fromOffset()).isEqualTo(7);
    assertThat(entry.toOffset()).isEqualTo(8);
    assertThat(entry.rejected().get(Outcome.EXPIRED).toArray()).containsExactly(0);
  }

  @Test
  void anEventThatWaitedTooLongInKafkaIsExpired() throws Exception {
    open(Map.of("admission.max-age.normal", "3s"), Lane.ALL, true);
    harness.setProcessingTime(NOW_MILLIS + 3_000);
    process(event(1, CloudEventHeaders.PRIORITY, "normal"));
    harness.setProcessingTime(NOW_MILLIS + 3_001);
    process(event(2, CloudEventHeaders.PRIORITY, "normal"));
    process(event(3, CloudEventHeaders.PRIORITY, "bulk"));
    assertThat(on(Lane.BULK)).hasSize(2);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(ledger())
        .flatExtracting(
            entry ->
                entry.rejected().getOrDefault(Outcome.EXPIRED, new RoaringBitmap()).stream()
                    .mapToObj(offset -> entry.fromOffset() + offset)
                    .toList())
        .containsExactly(2L);
  }

  @Test
  void theLedgerIsWholeAcrossASnapshotAndARestore() throws Exception {
    open(Map.of(), Lane.ALL, true);
    process(event(1, CloudEventHeaders.PRIORITY, "bulk"));
    harness.prepareSnapshotPreBarrier(1);
    var snapshot = harness.snapshot(1, 1);
    assertThat(ledger()).hasSize(1);
    harness.close();

    harness = newHarness(Map.of(), Lane.ALL);
    harness.initializeState(snapshot);
    harness.open();
    process(event(2, CloudEventHeaders.PRIORITY, "bulk"));
    harness.getOperator().finish();
    assertThat(ledger()).singleElement().satisfies(e -> assertThat(e.fromOffset()).isEqualTo(2));
  }

  @Test
  void countsWhatItTurnsAwayByKeyAndPaneBeforeTheWatermarkThatEndsIt() throws Exception {
    open(Map.of(), Lane.ALL, true);
    process(expired(1, "a", NOW_MILLIS));
    process(expired(2, "a", NOW_MILLIS + 1, CloudEventHeaders.SAMPLED_RATE, "5"));
    process(expired(3, "b", NOW_MILLIS + PANE));
    harness.processWatermark(paneOf(NOW_MILLIS) + PANE - 2);
    assertThat(rejected()).isEmpty();

    harness.processWatermark(paneOf(NOW_MILLIS) + PANE - 1);
    assertThat(rejected())
        .singleElement()
        .satisfies(
            events -> {
              assertThat(events.key()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
              assertThat(events.fromMillis()).isEqualTo(paneOf(NOW_MILLIS));
              assertThat(events.toMillis()).isEqualTo(paneOf(NOW_MILLIS) + PANE);
              assertThat(events.counts()[Strata.of(Priority.NORMAL, 1)]).isEqualTo(6);
            });
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rejected()).hasSize(2);
  }

  @Test
  void sendsCountsOnEarlyWhenThereAreTooManyAndLosesNone() throws Exception {
    open(Map.of(), Lane.ALL, true);
    for (int i = 0; i <= MAX_OPEN; i++) {
      process(expired(i, "key-" + i, NOW_MILLIS));
    }
    assertThat(rejected()).hasSize(MAX_OPEN + 1);
    process(expired(99, "key-0", NOW_MILLIS));
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rejected().stream().mapToLong(e -> Arrays.stream(e.counts()).sum()).sum())
        .isEqualTo(MAX_OPEN + 2);
  }

  @Test
  void countsAnEventWithoutAUsableKeyUnderTheEmptyOne() throws Exception {
    open(Map.of(), Lane.ALL, true);
    process(expired(1, "", NOW_MILLIS));
    process(expired(2, "k".repeat(1_000_000), NOW_MILLIS));
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rejected())
        .singleElement()
        .satisfies(
            events -> {
              assertThat(events.key()).isEmpty();
              assertThat(Arrays.stream(events.counts()).sum()).isEqualTo(2);
            });
  }

  @Test
  void keysComeWholeOrNotAtAllWhileTheGateNarrows() throws Exception {
    openByKey();
    Set<String> before = null;
    for (double above : new double[] {0.02, 0.05, 0.08}) {
      laneFill = 0.5 + above;
      double share = 1 - above / LaneGate.NARROWS_OVER;
      int from = on(Lane.BULK).size();
      for (int i = 0; i < 2_000; i++) {
        process(keyed(i, "key-" + i % 200));
      }
      List<AdmittedEvent> kept = List.copyOf(on(Lane.BULK)).subList(from, on(Lane.BULK).size());
      Map<String, Long> byKey =
          kept.stream()
              .collect(Collectors.groupingBy(e -> utf8(e.raw().key()), Collectors.counting()));
      assertThat(byKey.values()).containsOnly(10L);
      assertThat(byKey.size() / 200.0).isCloseTo(share, within(0.12));
      assertThat(kept).allSatisfy(e -> assertThat(e.weight()).isCloseTo(1 / share, within(1e-9)));
      if (before != null) {
        assertThat(before).containsAll(byKey.keySet());
      }
      before = byKey.keySet();
    }
  }

  @Test
  void countsWhatTheNarrowedGateTurnsAwayWithThoseThatHadTheSameChance() throws Exception {
    openByKey();
    laneFill = 0.575;
    for (int i = 0; i < 400; i++) {
      process(keyed(i, "key-" + i));
    }
    laneFill = 0.61;
    process(keyed(400, "key-400"));
    harness.prepareSnapshotPreBarrier(1);
    int kept = on(Lane.BULK).size();
    assertThat(kept).isBetween(60, 140);
    long[] counts = rejected().get(0).counts();
    assertThat(counts[Strata.of(Priority.BULK, 0.25)]).isEqualTo(400 - kept);
    assertThat(counts[Strata.of(Priority.BULK, 0)]).isEqualTo(1);
  }

  @Test
  void anEventWithoutAKeyIsDrawnByItsIdAlsoWhereKeysAre() throws Exception {
    openByKey();
    laneFill = 0.55;
    for (int i = 0; i < 1_000; i++) {
      process(event(i, CloudEventHeaders.PRIORITY, "bulk"));
    }
    assertThat(on(Lane.BULK).size()).isBetween(400, 600);
  }

  @Test
  void whoeverIsNeverShedEntersAFullLaneWithWeightOneAlsoWhereKeysAreDrawn() throws Exception {
    openByKey();
    laneFill = 1;
    process(event(1, CloudEventHeaders.PRIORITY, "critical"));
    assertThat(on(Lane.EXPRESS)).extracting(AdmittedEvent::weight).containsExactly(1.0);
  }

  private double laneFill;

  /** A controller of somebody else that keeps nothing of a priority which is waited for. */
  @Test
  void whoeverIsWaitedForHasWeightOneWhateverTheControllerKeeps() throws Exception {
    open(Map.of("admission.control-class", KeepsNothing.class.getName()), Lane.ALL, false);

    process(event(1, CloudEventHeaders.PRIORITY, "critical"));
    process(event(2, CloudEventHeaders.PRIORITY, "bulk"));

    assertThat(on(Lane.EXPRESS)).extracting(AdmittedEvent::weight).containsExactly(1.0);
    assertThat(on(Lane.BULK)).isEmpty();
  }

  /** Rejects all there is, as a PID controller of which more is asked than it has does. */
  public static final class KeepsNothing implements AdmissionControl {
    public KeepsNothing(AdmissionOptions options) {}

    @Override
    public void follow(AdmissionOptions options) {}

    @Override
    public void tick(OverloadController.Tick tick) {}

    @Override
    public double keep(Priority priority) {
      return 0;
    }

    @Override
    public double offered(Priority priority) {
      return 0;
    }

    @Override
    public double capacity() {
      return Double.NaN;
    }
  }

  private void openByKey() throws Exception {
    AdmissionOptions options =
        AdmissionOptions.from(
            Settings.of(Map.of("admission.sampling-unit", "key"), AdmissionOptions.OPTIONS));
    LaneBuffers filled =
        new LaneBuffers() {
          @Override
          public double fill() {
            return laneFill;
          }
        };
    Lane bulk = Lane.of(options).get(1);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new AdmissionOperator(
                options,
                EventLimits.defaults(),
                PriorityRules.none(),
                Lane.ALL,
                Lane.of(options),
                COUNTING,
                null) {
              private static final long serialVersionUID = 1L;

              @Override
              Map<OutputTag<?>, LaneBuffers> laneBuffers() {
                return Map.of(bulk.tag(), filled);
              }
            });
    harness.setProcessingTime(NOW_MILLIS);
    harness.open();
  }

  private static RawEvent keyed(long offset, String key) {
    RawEvent event = event(offset, CloudEventHeaders.PRIORITY, "bulk");
    return new RawEvent(
        event.topic(), 0, offset, NOW_MILLIS, utf8(key), event.value(), event.headers());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<RejectedEvents> rejected() {
    var events = harness.getSideOutput(AdmissionOperator.REJECTED);
    return events == null ? List.of() : events.stream().map(StreamRecord::getValue).toList();
  }

  private static long paneOf(long time) {
    return time - time % PANE;
  }

  private static RawEvent expired(long offset, String subject, long time, String... more) {
    EventHeaders headers =
        EventHeaders.empty()
            .with(CloudEventHeaders.EXPIRY_TIME, utf8("2001-01-01T00:00:00Z"))
            .with(CloudEventHeaders.SUBJECT, subject.isEmpty() ? null : utf8(subject));
    if (more.length > 0) {
      headers = headers.with(more[0], utf8(more[1]));
    }
    return new RawEvent("iot.events", 0, offset, time, null, utf8("{}"), headers);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void open(Map<String, String> settings, String lane, boolean objectReuse)
      throws Exception {
    harness = newHarness(settings, lane);
    if (objectReuse) {
      harness.getExecutionConfig().enableObjectReuse();
    }
    harness.setProcessingTime(NOW_MILLIS);
    harness.open();
  }

  private static OneInputStreamOperatorTestHarness<RawEvent, AdmittedEvent> newHarness(
      Map<String, String> settings, String lane) throws Exception {
    AdmissionOptions options =
        AdmissionOptions.from(Settings.of(settings, AdmissionOptions.OPTIONS));
    List<Lane> served =
        Lane.of(options).stream()
            .filter(l -> lane.equals(Lane.ALL) || l.name().equals(lane))
            .toList();
    return new OneInputStreamOperatorTestHarness<>(
        new AdmissionOperator(
            options, EventLimits.defaults(), PriorityRules.none(), lane, served, COUNTING, null));
  }

  private void process(RawEvent event) throws Exception {
    harness.processElement(event, event.timestampMillis());
  }

  private Collection<AdmittedEvent> on(String lane) {
    Queue<StreamRecord<AdmittedEvent>> records =
        harness.getSideOutput(new Lane(lane, Set.of()).tag());
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private Collection<LedgerEntry> ledger() {
    OutputTag<LedgerEntry> tag = AdmissionOperator.LEDGER;
    return harness.getSideOutput(tag).stream().map(StreamRecord::getValue).toList();
  }

  private static RawEvent event(long offset, String header, String value) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(CloudEventHeaders.ID, "id-" + offset);
    headers.put(header, value);
    return new RawEvent(
        "iot.events",
        0,
        offset,
        NOW_MILLIS,
        null,
        "{}".getBytes(StandardCharsets.UTF_8),
        EventHeaders.of(
            headers.keySet().toArray(String[]::new),
            headers.values().stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new)));
  }
}
