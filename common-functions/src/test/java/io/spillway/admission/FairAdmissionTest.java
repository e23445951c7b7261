package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The real operator at three times the capacity, with one source that sends half of everything. */
class FairAdmissionTest {
  private static final int SOURCES = 31;
  private static final int EVENTS = 60_000;
  private static final int SETTLED = 15_000;
  private static final int PER_MILLI = 3;
  private static final double CAPACITY = 1_000;

  private final Map<String, Integer> sent = new HashMap<>();
  private final Map<String, Integer> kept = new HashMap<>();
  private double weights;

  @Test
  void theNoisySourceIsCutAndTheOthersAreNot() throws Exception {
    run(Map.of("admission.fair-sources", "true"));
    int noisy = kept.get(source(0));
    int others = 0;
    for (int i = 1; i < SOURCES; i++) {
      others += kept.get(source(i));
    }
    assertThat(noisy).isLessThan(2 * others / (SOURCES - 1));
    assertThat(noisy + others).isCloseTo((EVENTS - SETTLED) / 3, within((EVENTS - SETTLED) / 30));
  }

  @Test
  void whatIsKeptStandsForWhatWasSent() throws Exception {
    run(Map.of("admission.fair-sources", "true"));
    assertThat(weights).isCloseTo(EVENTS - SETTLED, within(0.1 * (EVENTS - SETTLED)));
  }

  @Test
  void withoutFairSharesTheNoisySourceGetsAsManyTimesWhatItSends() throws Exception {
    run(Map.of());
    double ofNoisy = (double) kept.get(source(0)) / sent.get(source(0));
    double ofAnother = (double) kept.get(source(1)) / sent.get(source(1));
    assertThat(ofNoisy).isCloseTo(ofAnother, within(0.1));
  }

  private void run(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("lanes", "single");
    settings.put("admission.ceiling.high", "1");
    settings.put("admission.ceiling.normal", "1");
    settings.put("admission.ceiling.bulk", "1");
    try (AdmissionRun run = new AdmissionRun(settings, CAPACITY)) {
      for (int at = 0; at < EVENTS; at += PER_MILLI) {
        List<RawEvent> events = new ArrayList<>();
        for (int i = at; i < at + PER_MILLI; i++) {
          RawEvent event = event(i, run.harness.getProcessingTime());
          events.add(event);
          count(event, at, sent);
        }
        for (AdmittedEvent admitted : run.millisecond(events)) {
          count(admitted.raw(), at, kept);
          weights += at < SETTLED ? 0 : admitted.weight();
        }
      }
    }
  }

  private static void count(RawEvent event, int at, Map<String, Integer> bySource) {
    if (at >= SETTLED) {
      byte[] source = event.headers().last(CloudEventHeaders.SOURCE);
      bySource.merge(new String(source, StandardCharsets.UTF_8), 1, Integer::sum);
    }
  }

  /** Every other event is of source 0. */
  private static RawEvent event(int i, long millis) {
    String source = source(i % 2 == 0 ? 0 : 1 + i / 2 % (SOURCES - 1));
    return new RawEvent(
        "iot.events",
        0,
        i,
        millis,
        null,
        SampleEvent.utf8("{}"),
        EventHeaders.empty()
            .with(CloudEventHeaders.ID, SampleEvent.utf8("id-" + i))
            .with(CloudEventHeaders.SOURCE, SampleEvent.utf8(source))
            .with(CloudEventHeaders.SUBJECT, SampleEvent.utf8("s")));
  }

  private static String source(int number) {
    return "sensor-" + number;
  }
}
