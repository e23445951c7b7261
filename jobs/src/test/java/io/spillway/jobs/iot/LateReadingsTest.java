package io.spillway.jobs.iot;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.UnitHash;
import io.spillway.event.DeadLetter;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class LateReadingsTest {
  @Test
  void keepAnEventAsItWasReadWithTheReason() throws Exception {
    RawEvent raw = SensorEvents.event(4, "telemetry", 1_000, 21.5);
    AdmittedEvent event = SensorEvents.admitted(raw, Priority.NORMAL, 1);
    OneInputStreamOperatorTestHarness<SensorReading, DeadLetter> harness =
        new OneInputStreamOperatorTestHarness<>(new StreamMap<>(new LateReadings()));
    harness.open();
    harness.processElement(
        new SensorReading(
            event, "s-1", "sensor-7", "temperature", 21.5, "C", 1, false, UnitHash.ALONE),
        1_000);
    assertThat(harness.extractOutputValues())
        .containsExactly(
            new DeadLetter(
                raw, DeadLetter.Reason.LATE, "the window of 1970-01-01T00:00:01Z is closed"));
    harness.close();
  }
}
