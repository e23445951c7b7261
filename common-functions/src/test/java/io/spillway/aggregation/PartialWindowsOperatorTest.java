package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.config.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partial results before the shuffle. Windows of 10 s, lateness 5 s, at most 3 partials. */
class PartialWindowsOperatorTest {
  private static final OutputTag<Event> LATE =
      new OutputTag<>("late", TypeInformation.of(Event.class));

  private OneInputStreamOperatorTestHarness<Event, Tuple3<String, TimeWindow, WindowSample>>
      harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void sumsUpPerKeyAndWindowUntilTheWatermarkThatEndsIt() throws Exception {
    open(Map.of());
    add(1_000, "a", 1);
    add(9_999, "a", 2);
    add(2_000, "b", 3);
    add(10_000, "a", 4);
    harness.processWatermark(9_998);
    assertThat(partials()).isEmpty();

    harness.processWatermark(9_999);
    assertThat(partials())
        .containsExactlyInAnyOrder(
            tuple("a", 0L, 10_000L, 2L, 3.0), tuple("b", 0L, 10_000L, 1L, 3.0));
    // The watermark is behind what it ends.
    assertThat(harness.getOutput().toArray()[3].toString()).contains("9999");
    harness.processWatermark(19_999);
    assertThat(partials()).hasSize(3);
  }

  @Test
  void keepsNothingBackFromACheckpointOrTheEnd() throws Exception {
    open(Map.of());
    add(1_000, "a", 1);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(partials()).containsExactly(tuple("a", 0L, 10_000L, 1L, 1.0));
    add(1_000, "a", 5);
    harness.getOperator().finish();
    assertThat(partials())
        .containsExactly(tuple("a", 0L, 10_000L, 1L, 1.0), tuple("a", 0L, 10_000L, 1L, 5.0));
  }

  @Test
  void sendsEverythingOnWhenThereIsNoRoomOrItIsOld() throws Exception {
    open(Map.of());
    for (int i = 0; i < 4; i++) {
      add(1_000, "key-" + i, i);
    }
    assertThat(partials()).hasSize(4);
    add(1_000, "a", 1);
    harness.setProcessingTime(harness.getProcessingTime() + 999);
    assertThat(partials()).hasSize(4);
    harness.setProcessingTime(harness.getProcessingTime() + 1);
    assertThat(partials()).hasSize(5);
  }

  @Test
  void aMillionKeysInOneWindowPassInBoundedMemory() throws Exception {
    open(Map.of("window.partials.max", "1000"));
    long events = 0;
    for (int i = 0; i < 1_000_000; i++) {
      harness.processElement(Event.of("key-" + i, 1, 1), 1_000);
      if (harness.getOutput().size() > 1_000) {
        events += partials().size();
        harness.getOutput().clear();
      }
    }
    harness.processWatermark(10_000);
    assertThat(events + partials().size()).isEqualTo(1_000_000);
  }

  @Test
  void aKeyOfAMegabyteIsAKey() throws Exception {
    open(Map.of());
    String key = "k".repeat(1_000_000);
    add(1_000, key, 1);
    add(1_000, key, 2);
    harness.processWatermark(10_000);
    assertThat(partials()).containsExactly(tuple(key, 0L, 10_000L, 2L, 3.0));
  }

  @Test
  void handsOutWhatComesAfterItsLastWindowIsGoneUntouched() throws Exception {
    open(Map.of());
    harness.processWatermark(14_998);
    add(9_000, "a", 1);
    harness.processWatermark(14_999);
    add(9_000, "b", 2);
    assertThat(partials()).containsExactly(tuple("a", 0L, 10_000L, 1L, 1.0));
    assertThat(harness.getSideOutput(LATE))
        .containsExactly(new StreamRecord<>(Event.of("b", 2, 1), 9_000));
  }

  @Test
  void inASlidingWindowAnEventIsLateWhenTheLastOfItsWindowsIs() throws Exception {
    open(Map.of("window.kind", "sliding", "window.slide", "5s"));
    harness.processWatermark(19_998);
    add(5_000, "a", 1);
    harness.processWatermark(19_999);
    add(9_999, "a", 2);
    assertThat(partials()).containsExactly(tuple("a", 5_000L, 10_000L, 1L, 1.0));
    assertThat(harness.getSideOutput(LATE)).hasSize(1);
  }

  @Test
  void joinsTheEventsOfASessionInAnyOrder() throws Exception {
    open(Map.of("window.kind", "session", "window.gap", "10s"));
    add(1_000, "a", 1);
    add(21_000, "a", 2);
    add(11_000, "a", 4);
    add(40_000, "a", 8);
    harness.processWatermark(100_000);
    assertThat(partials())
        .containsExactlyInAnyOrder(
            tuple("a", 1_000L, 31_000L, 3L, 7.0), tuple("a", 40_000L, 50_000L, 1L, 8.0));
  }

  /** An idle source moves no watermark: its windows stay open, and age sends the partials on. */
  @Test
  void aWindowThatNeverClosesHoldsNoPartialBack() throws Exception {
    open(Map.of());
    add(1_000, "a", 1);
    harness.setProcessingTime(harness.getProcessingTime() + 60_000);
    assertThat(partials()).hasSize(1);
  }

  private void open(Map<String, String> settings) throws Exception {
    Map<String, String> all = new HashMap<>(Map.of("window.partials.max", "3"));
    all.putAll(settings);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new PartialWindowsOperator<>(
                WindowOptions.from(Settings.of(all, WindowOptions.OPTIONS)), Event::key, LATE));
    harness.open();
  }

  private void add(long time, String key, double value) throws Exception {
    harness.processElement(Event.of(key, value, 1), time);
  }

  private List<Tuple> partials() {
    return harness.extractOutputValues().stream()
        .map(
            partial -> {
              WindowEstimate estimate = WindowEstimate.of(0, 1, partial.f2);
              return tuple(
                  partial.f0,
                  partial.f1.getStart(),
                  partial.f1.getEnd(),
                  estimate.kept(),
                  estimate.sum().value());
            })
        .toList();
  }
}
