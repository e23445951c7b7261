package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.edge.AdmissionReport;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** The real operator, and what it publishes, in front of workers that do 1,000 events a second. */
class AdmissionReportsTest {
  private static final double CAPACITY = 1_000;
  private long offset;

  @Test
  void saysHowMuchCouldComeBesideWhatMattersMore() throws Exception {
    Map<Priority, Integer> perMilli = Map.of(Priority.NORMAL, 2, Priority.BULK, 1);
    try (AdmissionRun run = run()) {
      millis(run, 6_000, perMilli);
      AdmissionReport normal = last(run, Priority.NORMAL);
      AdmissionReport bulk = last(run, Priority.BULK);
      assertThat(normal.offeredPerSecond()).isCloseTo(2_000, within(50.0));
      assertThat(normal.keep()).isBetween(0.3, 0.7);
      assertThat(normal.sustainablePerSecond()).isCloseTo(0.94 * CAPACITY, within(150.0));
      assertThat(bulk.sustainablePerSecond())
          .as("its floor is all that is left to it")
          .isCloseTo(0.01 * CAPACITY, within(5.0));
      assertThat(bulk.topic()).isEqualTo("iot.events");
      assertThat(bulk.reporter()).isEqualTo("all-0");
    }
  }

  @Test
  void knowsNoLimitBeforeAnythingWasTurnedAway() throws Exception {
    try (AdmissionRun run = run()) {
      millis(run, 3_000, Map.of(Priority.CRITICAL, 1));
      assertThat(last(run, Priority.CRITICAL).sustainablePerSecond())
          .isEqualTo(Double.POSITIVE_INFINITY);
      assertThat(reports(run)).extracting(AdmissionReport::priority).doesNotContain(Priority.BULK);
    }
  }

  @Test
  void isToldOnceASecondWhereItChangesAndEveryFiveSecondsOtherwise() throws Exception {
    try (AdmissionRun run = run()) {
      millis(run, 21_000, Map.of(Priority.CRITICAL, 1));
      assertThat(reports(run).size()).isBetween(4, 5);
      int before = reports(run).size();
      millis(run, 5_000, Map.of(Priority.NORMAL, 3));
      long ofNormal =
          reports(run).subList(before, reports(run).size()).stream()
              .filter(report -> report.priority() == Priority.NORMAL)
              .count();
      assertThat(ofNormal).isBetween(2L, 6L);
    }
  }

  @Test
  void aProducerThatFollowsIsHardlyShed() throws Exception {
    try (AdmissionRun run = run()) {
      int admitted = 0;
      int sent = 0;
      double owed = 0;
      for (int ms = 0; ms < 30_000; ms++) {
        double rate =
            Math.min(2_500, ms < 3_000 ? 2_500 : last(run, Priority.NORMAL).sustainablePerSecond());
        owed += rate / 1_000;
        List<RawEvent> events = new ArrayList<>();
        while (owed >= 1) {
          owed--;
          events.add(event(Priority.NORMAL, run));
        }
        int in = run.millisecond(events).size();
        if (ms >= 5_000) {
          sent += events.size();
          admitted += in;
        }
      }
      assertThat((double) admitted / sent).as("share that is kept").isGreaterThan(0.93);
      assertThat(admitted / 25.0).as("events/s").isGreaterThan(0.85 * CAPACITY);
    }
  }

  @Test
  void aProducerThatFollowsComesBackAfterTheWorkersStoodStill() throws Exception {
    try (AdmissionRun run = run()) {
      run.workersDo(0);
      millis(run, 20_000, Map.of(Priority.NORMAL, 2));
      assertThat(last(run, Priority.NORMAL).sustainablePerSecond()).isLessThan(1);
      run.workersDo(1e6);
      run.millisecond(List.of());
      run.workersDo(CAPACITY);
      double owed = 0;
      for (int ms = 0; ms < 120_000; ms++) {
        owed += Math.min(2_500, last(run, Priority.NORMAL).sustainablePerSecond()) / 1_000;
        int now = (int) owed;
        millis(run, 1, Map.of(Priority.NORMAL, now));
        owed -= now;
      }
      assertThat(last(run, Priority.NORMAL).sustainablePerSecond()).isGreaterThan(0.8 * CAPACITY);
    }
  }

  private AdmissionRun run() throws Exception {
    return new AdmissionRun(
        Map.of("lanes", "single", "admission.publish.topic", "spillway.admission"), CAPACITY);
  }

  private void millis(AdmissionRun run, int millis, Map<Priority, Integer> perMilli)
      throws Exception {
    for (int ms = 0; ms < millis; ms++) {
      List<RawEvent> events = new ArrayList<>();
      for (Map.Entry<Priority, Integer> entry : new EnumMap<>(perMilli).entrySet()) {
        for (int i = 0; i < entry.getValue(); i++) {
          events.add(event(entry.getKey(), run));
        }
      }
      run.millisecond(events);
    }
  }

  private static List<AdmissionReport> reports(AdmissionRun run) {
    var records = run.harness.getSideOutput(AdmissionOperator.REPORTS);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static AdmissionReport last(AdmissionRun run, Priority priority) {
    return reports(run).stream()
        .filter(report -> report.priority() == priority)
        .reduce((one, next) -> next)
        .orElseThrow();
  }

  private RawEvent event(Priority priority, AdmissionRun run) {
    return new RawEvent(
        "iot.events",
        0,
        offset++,
        run.harness.getProcessingTime(),
        null,
        SampleEvent.utf8("{}"),
        EventHeaders.empty()
            .with(CloudEventHeaders.ID, SampleEvent.utf8("id-" + offset))
            .with(CloudEventHeaders.PRIORITY, SampleEvent.utf8(priority.wireName())));
  }
}
