package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceReaderFactory;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.NumberSequenceIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The source in a job, over numbers: the lower half matters more. */
class PrioritySourceTest {
  private static final long COUNT = 4_000;

  /** Seen from the tasks too, which run in this JVM. */
  private static final AtomicInteger FAILURES = new AtomicInteger();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @Test
  void readsEverythingOnceAndEnds() throws Exception {
    StreamExecutionEnvironment env = environment();

    assertThat(collect(env, source(context -> reader(context, Long.MAX_VALUE)), false))
        .containsExactlyInAnyOrderElementsOf(numbers());
  }

  @Test
  void readsEverythingOnceAlsoWhenTheJobFailsBetweenCheckpoints() throws Exception {
    StreamExecutionEnvironment env = environment();
    FAILURES.set(0);

    assertThat(collect(env, source(context -> reader(context, COUNT / 16)), true))
        .containsExactlyInAnyOrderElementsOf(numbers());
    assertThat(FAILURES).hasValue(1);
  }

  @Test
  void hasTheTypeBoundednessAndStateOfTheSourceOverAllQueues() {
    NumberSequenceSource all = new NumberSequenceSource(0, COUNT - 1);
    PrioritySource<Long, NumberSequenceSplit, ?> source = source(all);

    assertThat(source.getBoundedness()).isEqualTo(Boundedness.BOUNDED);
    assertThat(source.getProducedType()).isEqualTo(all.getProducedType());
    assertThat(source.getSplitSerializer()).hasSameClassAs(all.getSplitSerializer());
  }

  @Test
  void refusesTwoLevelsOfOneName() {
    NumberSequenceSource all = new NumberSequenceSource(0, 1);
    List<PrioritySource.Level<Long, NumberSequenceSplit>> levels =
        List.of(new PrioritySource.Level<>("high", all), new PrioritySource.Level<>("high", all));

    assertThatThrownBy(() -> new PrioritySource<>(all, levels, split -> 0, 20))
        .hasMessage("two levels are called 'high'");
  }

  @SuppressWarnings("try") // an iterator over results that a test may wait for
  private static List<Long> collect(
      StreamExecutionEnvironment env,
      PrioritySource<Long, NumberSequenceSplit, ?> source,
      boolean failOnce)
      throws Exception {
    List<Long> seen = new ArrayList<>();
    try (CloseableIterator<Long> results =
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
            .map(new FailOnce(failOnce))
            .executeAndCollect()) {
      results.forEachRemaining(seen::add);
    }
    return seen;
  }

  private static StreamExecutionEnvironment environment() {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(
            Configuration.fromMap(
                Map.of(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), "20ms",
                    RestartStrategyOptions.RESTART_STRATEGY.key(), "fixed-delay",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS.key(), "1",
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY.key(), "0ms")));
    env.setParallelism(2);
    return env;
  }

  private static PrioritySource<Long, NumberSequenceSplit, ?> source(
      SourceReaderFactory<Long, NumberSequenceSplit> readers) {
    return new PrioritySource<>(
        new NumberSequenceSource(0, COUNT - 1),
        List.of(
            new PrioritySource.Level<>("high", readers),
            new PrioritySource.Level<>("low", readers)),
        split -> split.from() < COUNT / 2 ? 0 : 1,
        20);
  }

  private static List<Long> numbers() {
    return LongStream.range(0, COUNT).boxed().toList();
  }

  private static HoldingReader reader(SourceReaderContext context, long holdAfter) {
    return new HoldingReader(context, holdAfter);
  }

  /**
   * Reads some records and then none until a checkpoint has completed, so that a failure after it
   * always finds both: records before the checkpoint and records after it.
   */
  @SuppressWarnings("try") // close() as in the class it extends
  private static final class HoldingReader
      extends IteratorSourceReader<Long, NumberSequenceIterator, NumberSequenceSplit> {
    private final CompletableFuture<Void> checkpointed = new CompletableFuture<>();
    private long left;

    HoldingReader(SourceReaderContext context, long holdAfter) {
      super(context);
      this.left = holdAfter;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Long> output) {
      if (left == 0 && !checkpointed.isDone()) {
        return InputStatus.NOTHING_AVAILABLE;
      }
      left = Math.max(0, left - 1);
      return super.pollNext(output);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return left == 0 && !checkpointed.isDone() ? checkpointed : super.isAvailable();
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      checkpointed.complete(null);
    }
  }

  /** Fails the first attempt at the tenth record after a checkpoint. */
  private static final class FailOnce extends RichMapFunction<Long, Long>
      implements CheckpointListener, Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean enabled;
    private boolean checkpointed;
    private int since;

    FailOnce(boolean enabled) {
      this.enabled = enabled;
    }

    @Override
    public Long map(Long number) {
      if (enabled
          && checkpointed
          && getRuntimeContext().getTaskInfo().getAttemptNumber() == 0
          && ++since == 10
          && FAILURES.compareAndSet(0, 1)) {
        throw new IllegalStateException("as the test wants it");
      }
      return number;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      checkpointed = true;
    }
  }
}
