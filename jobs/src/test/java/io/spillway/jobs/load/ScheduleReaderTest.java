package io.spillway.jobs.load;

import static io.spillway.jobs.load.LoadOptionsTest.options;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleReaderTest {
  private static final long START = 1_000_000;

  private final ManualClock clock = new ManualClock(TimeUnit.MILLISECONDS.toNanos(START));
  private final Collected output = new Collected();

  @Test
  void emitsWhatIsDueAndNothingElse() throws Exception {
    ScheduleReader reader = reader(Map.of("profile", "1000:2s"), split(0, 1));

    pollUntilIdle(reader);
    assertThat(output.events).containsExactly(0L);

    clock.advanceTime(10, TimeUnit.MILLISECONDS);
    pollUntilIdle(reader);
    assertThat(output.events)
        .containsExactly(LongStream.rangeClosed(0, 10).boxed().toArray(Long[]::new));
    assertThat(output.timestamps).endsWith(START + 9, START + 10);
  }

  @Test
  void isIdleUntilTheNextEventIsDueAndThenWakesByItself() throws Exception {
    ScheduleReader reader = reader(Map.of("profile", "100:1s"), split(0, 1));
    pollUntilIdle(reader);

    assertThat(reader.isAvailable()).isNotDone();
    assertThat(reader.isAvailable().get(30, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void aReaderThatFellBehindEmitsEverythingWithTheIntendedTimes() throws Exception {
    ScheduleReader reader = reader(Map.of("profile", "1000:5s"), split(0, 1));
    clock.advanceTime(4, TimeUnit.SECONDS);

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(output.events).as("leaves room for other work").hasSizeLessThan(1_000);
    pollUntilIdle(reader);

    assertThat(output.events).hasSize(4_001);
    assertThat(output.timestamps.get(100)).isEqualTo(START + 100);
  }

  @Test
  void waitsForSplitsAndEndsWhenTheyAreDone() throws Exception {
    ScheduleReader reader = reader(Map.of("profile", "10:1s"));
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.isAvailable()).isNotDone();

    reader.addSplits(List.of(split(0, 1)));
    assertThat(reader.isAvailable()).isDone();
    clock.advanceTime(2, TimeUnit.SECONDS);
    pollUntilIdle(reader);
    assertThat(output.events).hasSize(10);

    reader.notifyNoMoreSplits();
    assertThat(reader.isAvailable()).isDone();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readersTogetherEmitEveryEventOnceAndEachSourceInOrder(int readers) throws Exception {
    Map<String, String> settings =
        Map.of("profile", "1000:3s", "sources", "20", "hot.share", "0.25", "noisy.factor", "4");
    EventPlan plan = new EventPlan(options(settings));
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      ScheduleReader reader = reader(settings, split(i, readers));
      Collected own = new Collected();
      while (reader.pollNext(own) != InputStatus.END_OF_INPUT) {
        clock.advanceTime(100, TimeUnit.MILLISECONDS);
        reader.notifyNoMoreSplits();
      }
      long[] next = new long[21];
      own.events.forEach(
          event -> assertThat(plan.sequence(event)).isEqualTo(++next[plan.source(event)]));
      all.addAll(own.events);
    }
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 3_000).boxed().toList());
  }

  @Test
  void continuesWhereASnapshotLeftOff() throws Exception {
    ScheduleReader before = reader(Map.of("profile", "1000:1s"), split(0, 1));
    clock.advanceTime(400, TimeUnit.MILLISECONDS);
    pollUntilIdle(before);
    ScheduleSplit.Serializer serializer = new ScheduleSplit.Serializer();
    ScheduleSplit saved =
        serializer.deserialize(1, serializer.serialize(before.snapshotState(1).get(0)));

    clock.advanceTime(1, TimeUnit.SECONDS);
    pollUntilIdle(reader(Map.of("profile", "1000:1s"), saved));

    assertThat(output.events)
        .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void theEnumeratorRemembersSplitsThatNobodyHas() throws Exception {
    ScheduleSplit.ListSerializer serializer = new ScheduleSplit.ListSerializer();
    List<ScheduleSplit> splits = List.of(split(0, 2), new ScheduleSplit(1, 2, 0, 77));
    assertThat(serializer.deserialize(1, serializer.serialize(splits))).isEqualTo(splits);
  }

  private ScheduleReader reader(Map<String, String> settings, ScheduleSplit... splits) {
    LoadOptions options = options(settings);
    ScheduleReader reader = new ScheduleReader(options.schedule(), new EventPlan(options), clock);
    if (splits.length > 0) {
      reader.addSplits(List.of(splits));
    }
    return reader;
  }

  private static ScheduleSplit split(int index, int of) {
    return new ScheduleSplit(index, of, START, 0);
  }

  private void pollUntilIdle(ScheduleReader reader) throws Exception {
    while (reader.pollNext(output) == InputStatus.MORE_AVAILABLE) {
      // goes on until nothing is due
    }
  }

  private static final class Collected implements ReaderOutput<Long> {
    private final List<Long> events = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();

    @Override
    public void collect(Long event, long timestamp) {
      events.add(event);
      timestamps.add(timestamp);
    }

    @Override
    public void collect(Long event) {
      throw new AssertionError("every event has a due time");
    }

    @Override
    public void emitWatermark(Watermark watermark) {}

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<Long> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {}
  }
}
