package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.RejectedEvents;
import io.spillway.admission.Strata;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The windows behind the shuffle on RocksDB. Windows of 10 s, lateness 5 s, times in ms. */
class EstimateWindowsTest {
  private static final int MAX_PARALLELISM = 16;
  private static final OutputTag<Event> LATE =
      new OutputTag<>("late", TypeInformation.of(Event.class));

  public record Result(String key, WindowEstimate estimate) {}

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void emitsOneEstimatePerKeyWhenTheWatermarkPassesTheWindow(boolean objectReuse) throws Exception {
    try (Harness windows = new Harness(Map.of(), objectReuse)) {
      windows.kept(0, 10_000, "a", 20);
      windows.kept(0, 10_000, "a", 30, 40);
      windows.kept(0, 10_000, "b", 7);
      windows.kept(10_000, 20_000, "a", 99);
      windows.notAdmitted(0, 10_000, "b", 2);
      windows.watermark(9_998);
      assertThat(windows.results()).isEmpty();

      windows.watermark(9_999);
      assertThat(windows.results())
          .extracting(
              Result::key,
              r -> r.estimate().startMillis(),
              r -> r.estimate().endMillis(),
              r -> r.estimate().kept(),
              r -> r.estimate().count(),
              r -> r.estimate().sum().value(),
              r -> r.estimate().min(),
              r -> r.estimate().max())
          .containsExactlyInAnyOrder(
              tuple("a", 0L, 10_000L, 3L, 3.0, 90.0, 20.0, 40.0),
              tuple("b", 0L, 10_000L, 1L, 3.0, 21.0, 7.0, 7.0));
    }
  }

  @Test
  void aWindowOfWhichNothingWasKeptStillHasItsCount() throws Exception {
    try (Harness windows = new Harness(Map.of(), true)) {
      windows.notAdmitted(0, 10_000, "a", 2);
      windows.notAdmitted(0, 10_000, "a", 3);
      windows.watermark(9_999);
      assertThat(windows.counts()).containsExactly(tuple("a", 0L, 10_000L, 0L, 5.0));
    }
  }

  @Test
  void aResultCarriesTheLastInstantOfItsWindow() throws Exception {
    try (Harness windows = new Harness(Map.of(), true)) {
      windows.kept(0, 10_000, "a", 20);
      windows.watermark(20_000);
      assertThat(windows.harness.extractOutputStreamRecords())
          .extracting(StreamRecord::getTimestamp)
          .containsExactly(9_999L);
    }
  }

  @Test
  void emitsACorrectedResultForWhatComesWithinTheLateness() throws Exception {
    try (Harness windows = new Harness(Map.of(), true)) {
      windows.kept(0, 10_000, "a", 20);
      windows.watermark(12_000);
      windows.kept(0, 10_000, "a", 30);
      windows.notAdmitted(0, 10_000, "a", 1);
      assertThat(windows.counts())
          .containsExactly(
              tuple("a", 0L, 10_000L, 1L, 1.0),
              tuple("a", 0L, 10_000L, 2L, 2.0),
              tuple("a", 0L, 10_000L, 2L, 3.0));
    }
  }

  @Test
  void aPaneIsInEveryWindowThatSlidesOverIt() throws Exception {
    Map<String, String> sliding = Map.of("window.kind", "sliding", "window.slide", "5s");
    try (Harness windows = new Harness(sliding, true)) {
      windows.kept(5_000, 10_000, "a", 1);
      windows.notAdmitted(10_000, 15_000, "a", 4);
      windows.watermark(100_000);
      assertThat(windows.counts())
          .containsExactly(
              tuple("a", 0L, 10_000L, 1L, 1.0),
              tuple("a", 5_000L, 15_000L, 1L, 5.0),
              tuple("a", 10_000L, 20_000L, 0L, 4.0));
    }
  }

  /** On the heap, state is the object itself: windows that slide over a pane must not share it. */
  @Test
  void windowsThatSlideOverOnePaneShareNothing() throws Exception {
    Map<String, String> sliding = Map.of("window.kind", "sliding", "window.slide", "5s");
    try (Harness windows = new Harness(sliding, true, 1, 0, null, new HashMapStateBackend())) {
      windows.kept(5_000, 10_000, "a", 1, 2);
      windows.kept(10_000, 15_000, "a", 3, 4);
      windows.kept(5_000, 10_000, "a", 5);
      windows.watermark(100_000);
      assertThat(windows.counts())
          .containsExactly(
              tuple("a", 0L, 10_000L, 3L, 3.0),
              tuple("a", 5_000L, 15_000L, 5L, 5.0),
              tuple("a", 10_000L, 20_000L, 2L, 2.0));
    }
  }

  @Test
  void partsOfOneSessionBecomeOneWindowAlsoWhereOnlyARejectedEventHoldsThemTogether()
      throws Exception {
    Map<String, String> session = Map.of("window.kind", "session", "window.gap", "10s");
    try (Harness windows = new Harness(session, true)) {
      windows.kept(1_000, 11_000, "a", 1);
      windows.kept(20_000, 30_000, "a", 2);
      windows.notAdmitted(10_000, 20_000, "a", 1);
      windows.kept(40_000, 50_000, "a", 3);
      windows.watermark(100_000);
      assertThat(windows.counts())
          .containsExactly(
              tuple("a", 1_000L, 30_000L, 2L, 3.0), tuple("a", 40_000L, 50_000L, 1L, 1.0));
    }
  }

  @Test
  void keepsNothingOnceTheLatenessHasPassed() throws Exception {
    try (Harness windows = new Harness(Map.of(), true, 1, 0, null, new HashMapStateBackend())) {
      windows.kept(0, 10_000, "a", 20);
      windows.kept(0, 10_000, "b", 20);
      assertThat(windows.harness.numKeyedStateEntries()).isEqualTo(2);
      windows.watermark(15_000);
      assertThat(windows.harness.numKeyedStateEntries()).isZero();
      assertThat(windows.harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void aWindowHasATimerForEachBucketOfItsKeysAndNotForEachKey() throws Exception {
    int keys = 4 * BucketedWindowsOperator.BUCKETS;
    try (Harness windows =
        new Harness(Map.of("window.lateness", "0s"), true, 1, 0, null, new HashMapStateBackend())) {
      for (int i = 0; i < keys; i++) {
        windows.kept(0, 10_000, "key-" + i, i);
      }
      assertThat(windows.harness.numEventTimeTimers())
          .isBetween(BucketedWindowsOperator.BUCKETS * 9 / 10, BucketedWindowsOperator.BUCKETS);
      windows.watermark(9_999);
      assertThat(windows.results()).extracting(Result::key).doesNotHaveDuplicates().hasSize(keys);
      assertThat(windows.harness.numKeyedStateEntries()).isZero();
      assertThat(windows.harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void aWindowThatIsUsedAgainAfterItsBucketWasClearedHasItsTimerAgain() throws Exception {
    try (Harness windows = new Harness(Map.of(), true)) {
      for (long start = 0; start < 50_000; start += 10_000) {
        windows.kept(start, start + 10_000, "a", 1);
        windows.watermark(start + 9_999);
      }
      assertThat(windows.counts()).hasSize(5);
    }
  }

  @Test
  void whatComesAfterTheLatenessLeavesNoTrace() throws Exception {
    try (Harness windows = new Harness(Map.of(), true, 1, 0, null, new HashMapStateBackend())) {
      windows.watermark(15_000);
      windows.kept(0, 10_000, "a", 20);
      assertThat(windows.results()).isEmpty();
      assertThat(windows.harness.numKeyedStateEntries()).isZero();
      assertThat(windows.harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void continuesAnOpenWindowAfterARestore() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = new Harness(Map.of(), true)) {
      before.kept(0, 10_000, "a", 20);
      before.notAdmitted(0, 10_000, "a", 3);
      snapshot = before.harness.snapshot(1, 1);
    }
    try (Harness after =
        new Harness(Map.of(), true, 1, 0, snapshot, new EmbeddedRocksDBStateBackend(true))) {
      after.kept(0, 10_000, "a", 30);
      after.watermark(9_999);
      assertThat(after.counts()).containsExactly(tuple("a", 0L, 10_000L, 2L, 5.0));
    }
  }

  @Test
  void spreadsOpenWindowsOverTwoSubtasksWithoutLosingOrRepeatingOne() throws Exception {
    OperatorSubtaskState snapshot;
    List<String> expected = new ArrayList<>();
    try (Harness one = new Harness(Map.of(), true)) {
      for (int i = 0; i < 40; i++) {
        one.kept(0, 10_000, "key-" + i, i);
        expected.add("key-" + i);
      }
      snapshot = one.harness.snapshot(1, 1);
    }
    List<String> results = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState share =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              snapshot, MAX_PARALLELISM, 1, 2, subtask);
      try (Harness half =
          new Harness(Map.of(), true, 2, subtask, share, new EmbeddedRocksDBStateBackend(true))) {
        half.watermark(9_999);
        assertThat(half.results()).isNotEmpty().hasSizeLessThan(40);
        half.results().forEach(result -> results.add(result.key()));
      }
    }
    assertThat(results).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void resultsAreStoredWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(WindowEstimate.class);
  }

  /** The window operator that {@code attach} puts into a graph, alone. */
  private static final class Harness implements AutoCloseable {
    private final KeyedOneInputStreamOperatorTestHarness<
            Object, Tuple3<String, TimeWindow, WindowSample>, Result>
        harness;

    Harness(Map<String, String> settings, boolean objectReuse) throws Exception {
      this(settings, objectReuse, 1, 0, null, new EmbeddedRocksDBStateBackend(true));
    }

    @SuppressWarnings("unchecked")
    Harness(
        Map<String, String> settings,
        boolean objectReuse,
        int parallelism,
        int subtask,
        OperatorSubtaskState state,
        StateBackend backend)
        throws Exception {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      RejectedEvents none = new RejectedEvents(new byte[0], 0, 1, new long[Strata.COUNT]);
      var operator =
          (OneInputTransformation<Tuple3<String, TimeWindow, WindowSample>, Result>)
              new EstimateWindows<>(
                      WindowOptions.from(Settings.of(settings, WindowOptions.OPTIONS)),
                      Event::key,
                      Types.STRING,
                      bytes -> new String(bytes, StandardCharsets.UTF_8),
                      LATE)
                  .attach(
                      env.fromData(Event.of(0, 1)),
                      env.fromData(none),
                      Result::new,
                      TypeInformation.of(Result.class))
                  .estimates()
                  .getTransformation();
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator.getOperatorFactory(),
              (KeySelector<Tuple3<String, TimeWindow, WindowSample>, Object>)
                  operator.getStateKeySelector(),
              (TypeInformation<Object>) operator.getStateKeyType(),
              MAX_PARALLELISM,
              parallelism,
              subtask);
      if (objectReuse) {
        harness.getExecutionConfig().enableObjectReuse();
      }
      harness.setStateBackend(backend);
      harness.setup(
          operator.getOutputType().createSerializer(env.getConfig().getSerializerConfig()));
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    void kept(long from, long to, String key, double... values) throws Exception {
      WindowSample sample = new WindowSample();
      Arrays.stream(values).forEach(value -> sample.add(Event.of(key, value, 1)));
      harness.processElement(new Tuple3<>(key, new TimeWindow(from, to), sample), to - 1);
    }

    void notAdmitted(long from, long to, String key, int events) throws Exception {
      WindowSample sample = new WindowSample();
      sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.5), events);
      harness.processElement(new Tuple3<>(key, new TimeWindow(from, to), sample), to - 1);
    }

    void watermark(long time) throws Exception {
      harness.processWatermark(time);
    }

    List<Result> results() {
      return harness.extractOutputValues();
    }

    List<org.assertj.core.groups.Tuple> counts() {
      return results().stream()
          .map(
              r ->
                  tuple(
                      r.key(),
                      r.estimate().startMillis(),
                      r.estimate().endMillis(),
                      r.estimate().kept(),
                      r.estimate().count()))
          .toList();
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
