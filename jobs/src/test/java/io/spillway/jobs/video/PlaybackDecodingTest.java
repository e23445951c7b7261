package io.spillway.jobs.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.UnitHash;
import io.spillway.config.Settings;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.jobs.work.Receipt;
import io.spillway.jobs.work.SimulatedWork;
import io.spillway.jobs.work.Working;
import io.spillway.priority.Priority;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaybackDecodingTest {
  private static final long TIME = 1_732_431_234_567L;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesAnEventOnAtItsEventTimeAndItsPointBesideIt(boolean objectReuse) throws Exception {
    try (Harness decoding = new Harness(true, objectReuse, null)) {
      AdmittedEvent event = decoding.add(PlaybackKind.REBUFFER, Priority.HIGH, 2);
      assertThat(decoding.harness.extractOutputStreamRecords())
          .singleElement()
          .satisfies(record -> assertThat(record.getTimestamp()).isEqualTo(TIME));
      PlaybackEvent playback = decoding.harness.extractOutputValues().get(0);
      assertThat(playback.event()).isEqualTo(event);
      assertThat(playback.weight()).isEqualTo(2);
      assertThat(decoding.side(PlaybackDecoding.POINTS)).containsExactly(playback.point());
      assertThat(decoding.harness.getSideOutput(PlaybackDecoding.POINTS))
          .allSatisfy(record -> assertThat(record.getTimestamp()).isEqualTo(TIME));
    }
  }

  @Test
  void raisesAnAlertForAFailedStart() throws Exception {
    try (Harness decoding = new Harness(true, true, null)) {
      decoding.add(PlaybackKind.START_FAILURE, Priority.CRITICAL, 1);
      assertThat(decoding.side(PlaybackDecoding.ALERTS))
          .containsExactly(
              new StartFailure(
                  "id-0",
                  "player-u-1",
                  "video.start-failure",
                  Priority.CRITICAL,
                  TIME,
                  "u-1",
                  "c-1",
                  "i-1",
                  TIME + 3));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "START_FAILURE")
  void raisesNoAlertForAnythingElse(PlaybackKind kind) throws Exception {
    try (Harness decoding = new Harness(true, true, null)) {
      decoding.add(kind, Priority.NORMAL, 1);
      assertThat(decoding.side(PlaybackDecoding.ALERTS)).isEmpty();
      assertThat(decoding.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void keepsDebugEventsOutOfSessions() throws Exception {
    try (Harness decoding = new Harness(true, true, null)) {
      decoding.add(PlaybackKind.DEBUG, Priority.BULK, 1);
      assertThat(decoding.side(PlaybackDecoding.POINTS)).isEmpty();
      assertThat(decoding.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void eventsOfAViewerAreOneUnitWhateverTheirPriority() throws Exception {
    try (Harness decoding = new Harness(false, true, null)) {
      decoding.add(PlaybackKind.HEARTBEAT, Priority.NORMAL, 2);
      decoding.add(PlaybackKind.REBUFFER, Priority.HIGH, 1);
      assertThat(decoding.harness.extractOutputValues())
          .extracting(PlaybackEvent::unitHash)
          .doesNotContain(UnitHash.ALONE)
          .satisfies(units -> assertThat(units.get(0)).isEqualTo(units.get(1)));
      assertThat(decoding.side(Working.RECEIPTS)).isEmpty();
    }
  }

  @Test
  void keepsAPayloadItCannotReadAsADeadLetterAndGoesOn() throws Exception {
    try (Harness decoding = new Harness(true, true, null)) {
      RawEvent bad = PlaybackEvents.event(0, PlaybackKind.START_FAILURE, TIME, "u-1", "no json");
      decoding.add(PlaybackEvents.admitted(bad, Priority.CRITICAL, 1));
      decoding.add(PlaybackKind.HEARTBEAT, Priority.NORMAL, 1);
      assertThat(decoding.side(Working.DEAD_LETTERS))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.event()).isEqualTo(bad);
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_PAYLOAD);
                assertThat(letter.detail()).startsWith("not JSON: ");
              });
      assertThat(decoding.side(PlaybackDecoding.ALERTS)).isEmpty();
      assertThat(decoding.side(Working.RECEIPTS))
          .containsExactly(
              new Receipt("video.events", 0, 0, "player-u-1", 1, Priority.NORMAL, TIME + 3, 1));
      assertThat(decoding.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void hasNoStateAndNoTimersToCarryOver() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = new Harness(true, true, null)) {
      before.add(PlaybackKind.START_FAILURE, Priority.CRITICAL, 1);
      snapshot = before.harness.snapshot(1, 1);
      assertThat(snapshot.getStateSize()).isZero();
    }
    try (Harness after = new Harness(true, true, snapshot)) {
      after.add(PlaybackKind.HEARTBEAT, Priority.NORMAL, 1);
      assertThat(after.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void whatIsTooLateIsADeadLetterWithItsBytes() throws Exception {
    RawEvent raw = PlaybackEvents.event(0, PlaybackKind.DEBUG, TIME, "u-1");
    PlaybackEvent event;
    try (Harness decoding = new Harness(true, true, null)) {
      decoding.add(PlaybackEvents.admitted(raw, Priority.BULK, 1));
      event = decoding.harness.extractOutputValues().get(0);
    }
    OneInputStreamOperatorTestHarness<PlaybackEvent, DeadLetter> late =
        new OneInputStreamOperatorTestHarness<>(new StreamMap<>(new LatePlayback()));
    late.open();
    late.processElement(event, TIME);
    assertThat(late.extractOutputValues())
        .containsExactly(
            new DeadLetter(
                raw, DeadLetter.Reason.LATE, "the window of 2024-11-24T06:53:54.567Z is closed"));
    late.close();
  }

  private static final class Harness implements AutoCloseable {
    private final OneInputStreamOperatorTestHarness<AdmittedEvent, PlaybackEvent> harness;
    private long offset;

    Harness(boolean receipts, boolean objectReuse, OperatorSubtaskState state) throws Exception {
      AdmissionOptions byViewer =
          AdmissionOptions.from(
              Settings.of(Map.of("admission.sampling-unit", "key"), AdmissionOptions.OPTIONS));
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new ProcessOperator<>(
                  new Working<>(
                      new PlaybackDecoding(),
                      EventLimits.defaults(),
                      byViewer,
                      new SimulatedWork(0),
                      receipts)));
      if (objectReuse) {
        harness.getExecutionConfig().enableObjectReuse();
      }
      harness.setup();
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    AdmittedEvent add(PlaybackKind kind, Priority priority, double weight) throws Exception {
      RawEvent raw = PlaybackEvents.event(offset++, kind, TIME, "u-1");
      return add(PlaybackEvents.admitted(raw, priority, weight));
    }

    AdmittedEvent add(AdmittedEvent event) throws Exception {
      harness.processElement(event, event.eventTimeMillis());
      return event;
    }

    <X> List<X> side(OutputTag<X> tag) {
      ConcurrentLinkedQueue<StreamRecord<X>> records = harness.getSideOutput(tag);
      return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() {
      try {
        harness.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
