package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.config.Settings;
import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class DownstreamBuffersTest {
  private static final String BULK = "bulk";

  private final JobID job = new JobID();

  @Test
  void theFullestExchangeOfALaneCounts() {
    DownstreamBuffers.add(job, BULK, filled(0.2));
    DownstreamBuffers.add(job, BULK, filled(0.7));
    DownstreamBuffers.add(job, "express", filled(0.9));
    DownstreamBuffers.add(new JobID(), BULK, filled(1));
    assertThat(DownstreamBuffers.fill(job, BULK)).isEqualTo(0.7);
  }

  @Test
  void anExchangeThatNobodyWritesIntoAnyMoreIsForgotten() {
    LaneBuffers gone = filled(0.7);
    DownstreamBuffers.add(job, BULK, gone);
    DownstreamBuffers.add(job, BULK, filled(0.2));
    DownstreamBuffers.remove(job, BULK, gone);
    assertThat(DownstreamBuffers.fill(job, BULK)).isEqualTo(0.2);
    assertThat(DownstreamBuffers.fill(new JobID(), BULK)).isZero();
  }

  /** The lane's own buffers are empty all the time. */
  @Test
  void admissionShutsALaneThatIsFullFartherDown() throws Exception {
    AdmissionOptions options =
        AdmissionOptions.from(Settings.of(Map.of(), AdmissionOptions.OPTIONS));
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new AdmissionOperator(
                options,
                EventLimits.defaults(),
                PriorityRules.none(),
                Lane.ALL,
                Lane.of(options),
                null,
                null));
    try (harness) {
      harness.open();
      JobID ofHarness = harness.getEnvironment().getJobID();
      LaneBuffers full = filled(0.9);
      DownstreamBuffers.add(ofHarness, BULK, full);
      tick(harness);
      harness.processElement(bulk(1), 0);
      DownstreamBuffers.remove(ofHarness, BULK, full);
      tick(harness);
      harness.processElement(bulk(2), 0);
      assertThat(harness.getSideOutput(Lane.of(options).get(1).tag()))
          .extracting(admitted -> admitted.getValue().raw().offset())
          .isEqualTo(List.of(2L));
    }
  }

  private static void tick(OneInputStreamOperatorTestHarness<RawEvent, AdmittedEvent> harness)
      throws Exception {
    harness.setProcessingTime(harness.getProcessingTime() + 20);
  }

  private static RawEvent bulk(long offset) {
    EventHeaders headers =
        EventHeaders.of(
            new String[] {CloudEventHeaders.ID, CloudEventHeaders.PRIORITY},
            new byte[][] {utf8("id-" + offset), utf8(BULK)});
    return new RawEvent("iot.events", 0, offset, 0, null, utf8("{}"), headers);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static LaneBuffers filled(double fill) {
    return new LaneBuffers() {
      @Override
      double ownFill() {
        return fill;
      }
    };
  }
}
