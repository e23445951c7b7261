package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import io.spillway.quota.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** The real operator with quotas, in front of workers that can do everything. */
class QuotaAdmissionTest {
  private static final int SECONDS = 5;
  private long offset;

  @Test
  void aSourceOverItsQuotaIsThrottledAndCountedEverywhereAndTheOthersAreNot() throws Exception {
    try (AdmissionRun run = run("10")) {
      int noisy = 0;
      int others = 0;
      for (int ms = 0; ms < SECONDS * 1000; ms++) {
        List<RawEvent> events = new ArrayList<>();
        if (ms % 10 == 0) {
          events.add(event("noisy", "normal", run));
        }
        if (ms % 200 == 0) {
          events.add(event("quiet", "bulk", run));
        }
        for (AdmittedEvent admitted : run.millisecond(events)) {
          assertThat(admitted.weight()).isEqualTo(1);
          if (source(admitted).equals("noisy")) {
            noisy++;
          } else {
            others++;
          }
        }
      }
      assertThat(others).isEqualTo(SECONDS * 5);
      assertThat(noisy).isBetween(SECONDS * 10, 10 + SECONDS * 10);
      long throttled = SECONDS * 100 - noisy;
      long inTruth = run.rejected().stream().mapToLong(e -> Arrays.stream(e.counts()).sum()).sum();
      assertThat(inTruth).isEqualTo(throttled);
      long inLedger =
          run.harness.getSideOutput(AdmissionOperator.LEDGER).stream()
              .map(StreamRecord::getValue)
              .filter(entry -> entry.rejected().containsKey(Outcome.THROTTLED))
              .mapToLong(entry -> entry.rejected().get(Outcome.THROTTLED).getLongCardinality())
              .sum();
      assertThat(inLedger).isEqualTo(throttled);
      List<Rejection> told =
          run.harness.getSideOutput(AdmissionOperator.OVER_QUOTA).stream()
              .map(StreamRecord::getValue)
              .toList();
      assertThat(told).extracting(Rejection::name).containsOnly("noisy");
      assertThat(told.stream().mapToLong(Rejection::count).sum()).isEqualTo(throttled);
      assertThat(told.size()).as("told once a second and before the barrier").isBetween(5, 7);
    }
  }

  @Test
  void whoIsNeverTurnedAwayIsNotThrottled() throws Exception {
    try (AdmissionRun run = run("1")) {
      List<RawEvent> events = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        events.add(event("noisy", "critical", run));
      }
      assertThat(run.millisecond(events)).hasSize(50);
    }
  }

  @Test
  void withoutQuotasNobodyIsTold() throws Exception {
    try (AdmissionRun run = new AdmissionRun(Map.of("lanes", "single"), 1e6)) {
      assertThat(run.millisecond(Collections.nCopies(50, event("a", "bulk", run)))).hasSize(50);
      assertThat(run.rejected()).isEmpty();
      assertThat(run.harness.getSideOutput(AdmissionOperator.OVER_QUOTA)).isNullOrEmpty();
    }
  }

  private static AdmissionRun run(String rate) throws Exception {
    return new AdmissionRun(
        Map.of("lanes", "single", "admission.quota.by", "source", "admission.quota.rate", rate),
        1e6);
  }

  private RawEvent event(String source, String priority, AdmissionRun run) {
    return new RawEvent(
        "iot.events",
        0,
        offset++,
        run.harness.getProcessingTime(),
        null,
        SampleEvent.utf8("{}"),
        EventHeaders.empty()
            .with(CloudEventHeaders.SOURCE, SampleEvent.utf8(source))
            .with(CloudEventHeaders.PRIORITY, SampleEvent.utf8(priority))
            .with(CloudEventHeaders.SUBJECT, SampleEvent.utf8("s")));
  }

  private static String source(AdmittedEvent event) {
    return new String(event.raw().headers().last(CloudEventHeaders.SOURCE), StandardCharsets.UTF_8);
  }
}
