package io.spillway.jobs.iot;

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
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventProcessingTest {
  private static final long TIME = 1_732_431_234_567L;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesTheReadingOnAtItsEventTime(boolean objectReuse) throws Exception {
    try (Harness processing = new Harness(true, objectReuse)) {
      AdmittedEvent event = processing.add(Priority.NORMAL, 2);
      assertThat(processing.harness.extractOutputStreamRecords())
          .containsExactly(
              new StreamRecord<>(
                  new SensorReading(
                      event, "s-1", "sensor-7", "temperature", 21.5, "C", 1, false, UnitHash.ALONE),
                  TIME));
    }
  }

  @Test
  void aReadingKnowsItsKeyWhereKeysAreDrawn() throws Exception {
    AdmissionOptions byKey =
        AdmissionOptions.from(
            Settings.of(Map.of("admission.sampling-unit", "key"), AdmissionOptions.OPTIONS));
    try (Harness processing = new Harness(byKey, false, true, null)) {
      processing.add(Priority.NORMAL, 2);
      processing.add(Priority.BULK, 2);
      List<SensorReading> readings = processing.harness.extractOutputValues();
      assertThat(readings).extracting(SensorReading::unitHash).doesNotContain(UnitHash.ALONE);
      assertThat(readings.get(0).unitHash()).isEqualTo(readings.get(1).unitHash());
    }
  }

  @Test
  void raisesAnAlertForACriticalEventAndCountsItsReadingToo() throws Exception {
    try (Harness processing = new Harness(true, true)) {
      processing.add(Priority.CRITICAL, 1);
      assertThat(processing.side(EventProcessing.ALERTS))
          .containsExactly(
              new Alert(
                  "id-0",
                  "sensor-7",
                  "iot.test",
                  Priority.CRITICAL,
                  TIME,
                  "s-1",
                  "sensor-7",
                  "temperature",
                  21.5,
                  TIME + 3));
      assertThat(processing.harness.extractOutputValues()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CRITICAL")
  void raisesNoAlertForAnythingLess(Priority priority) throws Exception {
    try (Harness processing = new Harness(true, true)) {
      processing.add(priority, 1);
      assertThat(processing.side(EventProcessing.ALERTS)).isEmpty();
      assertThat(processing.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void writesOneReceiptForEachEventIfAsked() throws Exception {
    try (Harness processing = new Harness(true, true)) {
      processing.add(Priority.CRITICAL, 1);
      processing.add(Priority.BULK, 4);
      assertThat(processing.side(Working.RECEIPTS))
          .containsExactly(
              new Receipt("iot.events", 0, 0, "sensor-7", 1, Priority.CRITICAL, TIME + 3, 1),
              new Receipt("iot.events", 0, 1, "sensor-7", 2, Priority.BULK, TIME + 3, 4));
    }
  }

  @Test
  void writesNoReceiptsUnlessAsked() throws Exception {
    try (Harness processing = new Harness(false, true)) {
      processing.add(Priority.CRITICAL, 1);
      assertThat(processing.side(Working.RECEIPTS)).isEmpty();
    }
  }

  @Test
  void keepsAPayloadItCannotReadAsADeadLetterAndGoesOn() throws Exception {
    try (Harness processing = new Harness(true, true)) {
      RawEvent bad = SensorEvents.event(0, "telemetry", TIME, "no json");
      processing.add(SensorEvents.admitted(bad, Priority.CRITICAL, 1));
      processing.add(Priority.NORMAL, 1);
      assertThat(processing.side(Working.DEAD_LETTERS))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.event()).isEqualTo(bad);
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.BAD_PAYLOAD);
                assertThat(letter.detail()).startsWith("not JSON: ");
              });
      assertThat(processing.side(EventProcessing.ALERTS)).isEmpty();
      assertThat(processing.side(Working.RECEIPTS)).hasSize(1);
      assertThat(processing.harness.extractOutputValues()).hasSize(1);
    }
  }

  @Test
  void hasNoStateAndNoTimersToCarryOver() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = new Harness(true, true)) {
      before.add(Priority.CRITICAL, 1);
      snapshot = before.harness.snapshot(1, 1);
      assertThat(snapshot.getStateSize()).isZero();
    }
    try (Harness after = new Harness(true, true, snapshot)) {
      after.add(Priority.NORMAL, 1);
      assertThat(after.harness.extractOutputValues()).hasSize(1);
    }
  }

  private static final class Harness implements AutoCloseable {
    private final OneInputStreamOperatorTestHarness<AdmittedEvent, SensorReading> harness;
    private long offset;

    Harness(boolean receipts, boolean objectReuse) throws Exception {
      this(receipts, objectReuse, null);
    }

    Harness(boolean receipts, boolean objectReuse, OperatorSubtaskState state) throws Exception {
      this(AdmissionOptions.defaults(), receipts, objectReuse, state);
    }

    Harness(
        AdmissionOptions admission,
        boolean receipts,
        boolean objectReuse,
        OperatorSubtaskState state)
        throws Exception {
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new ProcessOperator<>(
                  new Working<>(
                      new EventProcessing(),
                      EventLimits.defaults(),
                      admission,
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

    AdmittedEvent add(Priority priority, double weight) throws Exception {
      RawEvent raw = SensorEvents.event(offset++, "test", TIME, 21.5);
      return add(SensorEvents.admitted(raw, priority, weight));
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
