package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.event.CloudEventHeaders;
import io.spillway.event.EventHeaders;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.event.TimeSpans;
import io.spillway.ledger.Settlement;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class ReadmissionOperatorTest {
  private static final long NOW_MILLIS = 1_700_000_000_000L;
  private static final RejectionCounting COUNTING =
      new RejectionCounting(
          (raw, attributes) -> attributes.bytes(CloudEventHeaders.SUBJECT),
          new TimeSpans(10_000, false),
          100);

  private OneInputStreamOperatorTestHarness<Reread, AdmittedEvent> harness = newHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void letsEverythingInForItselfAndCountsItBack(boolean objectReuse) throws Exception {
    if (objectReuse) {
      harness.getExecutionConfig().enableObjectReuse();
    }
    harness.open();
    process(Reread.of(event(7, "bulk")));
    process(Reread.of(event(9, "high")));
    harness.processWatermark(Watermark.MAX_WATERMARK);

    assertThat(values(ReadmissionOperator.LANE.tag()))
        .extracting(AdmittedEvent::weight)
        .containsExactly(5.0, 5.0);
    assertThat(values(AdmissionOperator.REJECTED))
        .singleElement()
        .satisfies(
            events -> {
              assertThat(events.key()).isEqualTo(utf8("s-1/power"));
              assertThat(events.counts()[Strata.of(Priority.BULK, 1)]).isEqualTo(-5);
              assertThat(events.counts()[Strata.of(Priority.HIGH, 1)]).isEqualTo(-5);
            });
  }

  @Test
  void saysWhatItDidOnlyAtTheEndAndOverAFailureToo() throws Exception {
    harness.open();
    process(Reread.of(event(7, "bulk")));
    process(Reread.gone("iot.events", 2, 20, RoaringBitmap.bitmapOf(0, 3)));
    harness.prepareSnapshotPreBarrier(1);
    var snapshot = harness.snapshot(1, 1);
    process(Reread.of(event(8, "bulk")));
    assertThat(values(ReadmissionOperator.SETTLEMENTS)).isEmpty();
    harness.close();

    harness = newHarness();
    harness.initializeState(snapshot);
    harness.open();
    process(Reread.of(event(9, "bulk")));
    harness.getOperator().finish();
    assertThat(values(ReadmissionOperator.SETTLEMENTS))
        .containsExactlyInAnyOrder(
            settlement(2, 7, 9, Settlement.Kind.REPLAYED, 0, 2),
            settlement(2, 20, 23, Settlement.Kind.GONE, 0, 3));
  }

  @Test
  void whatItDidIsInOneSubtaskAfterARescale() throws Exception {
    harness.open();
    process(Reread.of(event(7, "bulk")));
    var snapshot = harness.snapshot(1, 1);
    harness.close();

    int settled = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      harness =
          new OneInputStreamOperatorTestHarness<>(
              new ReadmissionOperator(
                  EventLimits.defaults(), PriorityRules.none(), COUNTING, "run-1"),
              2,
              2,
              subtask);
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, 2, 1, 2, subtask));
      harness.open();
      harness.getOperator().finish();
      settled += values(ReadmissionOperator.SETTLEMENTS).size();
      harness.close();
    }
    assertThat(settled).isEqualTo(1);
  }

  @Test
  void nothingIsSettledTwiceByACheckpointAfterTheEnd() throws Exception {
    harness.open();
    process(Reread.of(event(7, "bulk")));
    harness.getOperator().finish();
    var snapshot = harness.snapshot(1, 1);
    harness.close();

    harness = newHarness();
    harness.initializeState(snapshot);
    harness.open();
    harness.getOperator().finish();
    assertThat(values(ReadmissionOperator.SETTLEMENTS)).isEmpty();
  }

  private void process(Reread reread) throws Exception {
    harness.processElement(reread, NOW_MILLIS);
  }

  private <X> List<X> values(OutputTag<X> tag) {
    Queue<StreamRecord<X>> records = harness.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  private static OneInputStreamOperatorTestHarness<Reread, AdmittedEvent> newHarness() {
    try {
      return new OneInputStreamOperatorTestHarness<>(
          new ReadmissionOperator(EventLimits.defaults(), PriorityRules.none(), COUNTING, "run-1"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Settlement settlement(
      int partition, long from, long to, Settlement.Kind kind, int... offsets) {
    return new Settlement(
        "iot.events",
        partition,
        from,
        to,
        "replay",
        kind,
        "run-1",
        RoaringBitmap.bitmapOf(offsets));
  }

  private static RawEvent event(long offset, String priority) {
    return new RawEvent(
        "iot.events",
        2,
        offset,
        NOW_MILLIS,
        null,
        utf8("{}"),
        EventHeaders.empty()
            .with(CloudEventHeaders.ID, utf8("id-" + offset))
            .with(CloudEventHeaders.PRIORITY, utf8(priority))
            .with(CloudEventHeaders.SUBJECT, utf8("s-1/power"))
            .with(CloudEventHeaders.SAMPLED_RATE, utf8("5")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
