package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The windows on RocksDB, as a job attaches them. Windows of 10 s, lateness 5 s, times in ms. */
class EstimateWindowsTest {
  private static final int MAX_PARALLELISM = 16;
  private static final OutputTag<Reading> LATE =
      new OutputTag<>("late", TypeInformation.of(Reading.class));

  public record Reading(String key, double value, double weight) {}

  public record Result(String key, WindowEstimate estimate) {}

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void emitsOneEstimatePerKeyWhenTheWatermarkPassesTheWindow(boolean objectReuse) throws Exception {
    try (Harness windows = new Harness(objectReuse)) {
      windows.add(1_000, "a", 20, 1);
      windows.add(9_999, "a", 30, 4);
      windows.add(3_000, "b", 7, 1);
      windows.add(10_000, "a", 99, 1);
      windows.watermark(9_998);
      assertThat(windows.results()).isEmpty();

      windows.watermark(9_999);
      assertThat(windows.results())
          .containsExactlyInAnyOrder(
              new Result("a", new WindowEstimate(0, 10_000, 2, 5, 140, 20, 30)),
              new Result("b", new WindowEstimate(0, 10_000, 1, 1, 7, 7, 7)));
    }
  }

  @Test
  void aResultCarriesTheLastInstantOfItsWindow() throws Exception {
    try (Harness windows = new Harness(true)) {
      windows.add(1_000, "a", 20, 1);
      windows.watermark(20_000);
      assertThat(windows.harness.extractOutputStreamRecords())
          .extracting(StreamRecord::getTimestamp)
          .containsExactly(9_999L);
    }
  }

  @Test
  void emitsACorrectedResultForAStragglerWithinTheLateness() throws Exception {
    try (Harness windows = new Harness(true)) {
      windows.add(1_000, "a", 20, 1);
      windows.watermark(12_000);
      windows.add(2_000, "a", 30, 1);
      assertThat(windows.results())
          .containsExactly(
              new Result("a", new WindowEstimate(0, 10_000, 1, 1, 20, 20, 20)),
              new Result("a", new WindowEstimate(0, 10_000, 2, 2, 50, 20, 30)));
      assertThat(windows.late()).isEmpty();
    }
  }

  @Test
  void handsOutWhatComesAfterTheLatenessUntouched() throws Exception {
    try (Harness windows = new Harness(true)) {
      windows.add(1_000, "a", 20, 1);
      windows.watermark(14_999);
      windows.add(2_000, "a", 30, 2);
      assertThat(windows.late()).containsExactly(new Reading("a", 30, 2));
      assertThat(windows.results()).hasSize(1);
    }
  }

  @Test
  void keepsNothingOnceTheLatenessHasPassed() throws Exception {
    try (Harness windows = new Harness(true, 1, 0, null, new HashMapStateBackend())) {
      windows.add(1_000, "a", 20, 1);
      windows.add(1_000, "b", 20, 1);
      assertThat(windows.harness.numKeyedStateEntries()).isEqualTo(2);
      windows.watermark(15_000);
      assertThat(windows.harness.numKeyedStateEntries()).isZero();
      assertThat(windows.harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void continuesAnOpenWindowAfterARestore() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness before = new Harness(true)) {
      before.add(1_000, "a", 20, 1);
      snapshot = before.harness.snapshot(1, 1);
    }
    try (Harness after = new Harness(true, 1, 0, snapshot)) {
      after.add(2_000, "a", 30, 3);
      after.watermark(9_999);
      assertThat(after.results())
          .containsExactly(new Result("a", new WindowEstimate(0, 10_000, 2, 4, 110, 20, 30)));
    }
  }

  @Test
  void spreadsOpenWindowsOverTwoSubtasksWithoutLosingOrRepeatingOne() throws Exception {
    OperatorSubtaskState snapshot;
    List<Result> expected = new ArrayList<>();
    try (Harness one = new Harness(true)) {
      for (int i = 0; i < 40; i++) {
        one.add(1_000, "key-" + i, i, 1);
        expected.add(new Result("key-" + i, new WindowEstimate(0, 10_000, 1, 1, i, i, i)));
      }
      snapshot = one.harness.snapshot(1, 1);
    }
    List<Result> results = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState share =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              snapshot, MAX_PARALLELISM, 1, 2, subtask);
      try (Harness half = new Harness(true, 2, subtask, share)) {
        half.watermark(9_999);
        assertThat(half.results()).isNotEmpty().hasSizeLessThan(40);
        results.addAll(half.harness.extractOutputValues());
      }
    }
    assertThat(results).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void stateAndResultsAreStoredWithoutKryo() {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(WindowTotals.class);
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(WindowEstimate.class);
  }

  /** The operator that {@code attach} puts into a graph, alone. */
  private static final class Harness implements AutoCloseable {
    private final KeyedOneInputStreamOperatorTestHarness<String, Reading, Result> harness;

    Harness(boolean objectReuse) throws Exception {
      this(objectReuse, 1, 0, null);
    }

    Harness(boolean objectReuse, int parallelism, int subtask, OperatorSubtaskState state)
        throws Exception {
      this(objectReuse, parallelism, subtask, state, new EmbeddedRocksDBStateBackend(true));
    }

    Harness(
        boolean objectReuse,
        int parallelism,
        int subtask,
        OperatorSubtaskState state,
        StateBackend backend)
        throws Exception {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      OneInputTransformation<?, Result> operator =
          (OneInputTransformation<?, Result>)
              new EstimateWindows<>(
                      new WindowOptions(Duration.ofSeconds(10), Duration.ofSeconds(5)),
                      Reading::value,
                      Reading::weight,
                      LATE)
                  .attach(
                      env.fromData(new Reading("", 0, 1)).keyBy(Reading::key),
                      Result::new,
                      TypeInformation.of(Result.class))
                  .getTransformation();
      harness =
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator.getOperatorFactory(),
              Reading::key,
              Types.STRING,
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

    void add(long time, String key, double value, double weight) throws Exception {
      harness.processElement(new Reading(key, value, weight), time);
    }

    void watermark(long time) throws Exception {
      harness.processWatermark(time);
    }

    List<Result> results() {
      return harness.extractOutputValues();
    }

    List<Reading> late() {
      var late = harness.getSideOutput(LATE);
      return late == null ? List.of() : late.stream().map(StreamRecord::getValue).toList();
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
