package io.spillway.priority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PrioritySourceReaderTest {
  private static final int FLOOR = 5;

  private final FakeReader high = new FakeReader();
  private final FakeReader middle = new FakeReader();
  private final FakeReader low = new FakeReader();
  private final CollectedOutput<String> output = new CollectedOutput<>();
  private final PrioritySourceReader<String, FakeReader.Split> reader =
      over(List.of(high, middle, low));

  @Test
  void readsTheMostImportantLevelFirst() throws Exception {
    low.give("l");
    middle.give("m");
    high.give("h1", "h2");

    pollUntilNothing();

    assertThat(output.records).containsExactly("h1", "h2", "m", "l");
  }

  @Test
  void overtakesABacklogWithTheNextRecord() throws Exception {
    low.give("l1", "l2", "l3");
    poll();
    high.give("h");
    pollUntilNothing();

    assertThat(output.records).containsExactly("l1", "h", "l2", "l3");
  }

  @Test
  void readsEveryLowerLevelOnceInItsFloor() throws Exception {
    for (int i = 0; i < 30; i++) {
      high.give("h");
      middle.give("m");
      low.give("l");
    }
    for (int i = 0; i < 30; i++) {
      poll();
    }

    assertThat(String.join("", output.records)).startsWith("hhhhlmhhhlhmhhl");
  }

  @Test
  void leavesAnEmptyLevelAloneWhileAnotherHasRecords() throws Exception {
    low.give("1", "2", "3", "4", "5", "6");
    pollUntilNothing();

    assertThat(high.polls()).isEqualTo(1);
    assertThat(middle.polls()).isEqualTo(1);
  }

  @Test
  void isAvailableAsSoonAsAnyLevelIs() throws Exception {
    pollUntilNothing();
    CompletableFuture<Void> future = reader.isAvailable();
    assertThat(future).isNotDone();

    low.give("l");

    assertThat(future).isDone();
    assertThat(reader.isAvailable()).isDone();
    pollUntilNothing();
    assertThat(output.records).containsExactly("l");
    assertThat(reader.isAvailable()).isNotDone();
  }

  @Test
  void seesALevelThatBecameAvailableBetweenPollAndIsAvailable() throws Exception {
    pollUntilNothing();
    middle.give("m");

    assertThat(reader.isAvailable()).isDone();
  }

  @Test
  void hangsOneCallbackOnAnEmptyLevelHoweverOftenTheOthersWakeUp() throws Exception {
    pollUntilNothing();
    for (int i = 0; i < 1000; i++) {
      CompletableFuture<Void> future = reader.isAvailable();
      assertThat(future).isNotDone();
      assertThat(reader.isAvailable()).isSameAs(future);
      low.wakeForNothing();
      pollUntilNothing();
    }

    assertThat(high.callbacks()).isEqualTo(1);
    assertThat(low.callbacks()).isEqualTo(1);
    assertThat(high.polls()).isEqualTo(1);
  }

  @Test
  void asksOnceForEachWakeUp() throws Exception {
    pollUntilNothing();
    int before = low.polls();
    low.wakeForNothing();
    pollUntilNothing();
    assertThat(low.polls()).isEqualTo(before + 1);
    assertThat(reader.isAvailable()).isNotDone();
  }

  @Test
  @Timeout(60)
  void losesNoWakeUpWhileThreadsBringRecords() throws Exception {
    int each = 30_000;
    List<Thread> fetchers = new ArrayList<>();
    for (FakeReader level : List.of(high, middle, low)) {
      fetchers.add(
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  level.give("r");
                  if (i % 7 == 0) {
                    Thread.yield();
                  }
                }
              }));
    }
    fetchers.forEach(Thread::start);

    while (output.records.size() < 3 * each) {
      if (reader.pollNext(output) == InputStatus.NOTHING_AVAILABLE) {
        reader.isAvailable().get(30, TimeUnit.SECONDS);
      }
    }

    for (Thread fetcher : fetchers) {
      fetcher.join();
    }
    assertThat(output.records).hasSize(3 * each);
  }

  @Test
  void endsWhenAllLevelsHaveEnded() throws Exception {
    high.give("h");
    low.give("l");
    high.notifyNoMoreSplits();
    pollUntilNothing();
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.isAvailable()).isNotDone();

    reader.notifyNoMoreSplits();

    assertThat(reader.isAvailable()).isDone();
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(output.records).containsExactly("h", "l");
    assertThat(reader.isAvailable()).isDone();
  }

  @Test
  void routesSplitsToTheirLevelAndSnapshotsThemTogether() {
    reader.addSplits(List.of(split("h-0", 0), split("l-0", 2), split("h-1", 0)));

    assertThat(high.told).containsExactly("add [h-0, h-1]");
    assertThat(middle.told).isEmpty();
    assertThat(low.told).containsExactly("add [l-0]");
    assertThat(reader.snapshotState(7)).extracting("splitId").containsExactly("h-0", "h-1", "l-0");
    assertThat(middle.told).containsExactly("snapshot 7");
  }

  @Test
  void continuesFromTheSplitsOfASnapshot() {
    reader.addSplits(List.of(split("h-0", 0), split("l-0", 2)));
    List<FakeReader.Split> snapshot = reader.snapshotState(1);
    FakeReader newHigh = new FakeReader();
    FakeReader newLow = new FakeReader();

    over(List.of(newHigh, new FakeReader(), newLow)).addSplits(snapshot);

    assertThat(newHigh.told).containsExactly("add [h-0]");
    assertThat(newLow.told).containsExactly("add [l-0]");
  }

  @Test
  void pausesAndResumesSplitsWhereTheyAre() {
    reader.addSplits(List.of(split("h-0", 0), split("m-0", 1), split("l-0", 2)));
    List.of(high, middle, low).forEach(level -> level.told.clear());

    reader.pauseOrResumeSplits(List.of("h-0"), List.of("l-0", "unknown"));

    assertThat(high.told).containsExactly("pause [h-0] resume []");
    assertThat(middle.told).isEmpty();
    assertThat(low.told).containsExactly("pause [] resume [l-0]");
  }

  @Test
  void forgetsSplitsThatHaveFinished() {
    reader.addSplits(List.of(split("h-0", 0), split("h-1", 0)));
    high.finish("h-0");
    reader.snapshotState(1);
    high.told.clear();

    reader.pauseOrResumeSplits(List.of("h-0"), List.of());

    assertThat(high.told).isEmpty();
  }

  @Test
  void tellsEveryLevelWhatConcernsAll() throws Exception {
    reader.start();
    reader.handleSourceEvents(new SourceEvent() {});
    reader.notifyCheckpointComplete(3);
    reader.notifyCheckpointAborted(4);
    reader.notifyNoMoreSplits();

    for (FakeReader level : List.of(high, middle, low)) {
      assertThat(level.told)
          .containsExactly("start", "event", "complete 3", "aborted 4", "no more");
    }
  }

  @Test
  void closesEveryLevelEvenIfOneFails() {
    high.failure = new IOException("first");
    middle.failure = new IOException("second");

    assertThatThrownBy(reader::close)
        .hasMessage("first")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(low.told).containsExactly("close");
  }

  @Test
  void allocatesNothingPerRecord() throws Exception {
    SourceReader<String, FakeReader.Split> busy = over(List.of(high, middle, endless()));
    ReaderOutput<String> nowhere = new CollectedOutput<>();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long polls = 200_000;
    long allocated = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5 && allocated > polls; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < polls; i++) {
        busy.pollNext(nowhere);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }

    assertThat(allocated).isLessThan(polls);
  }

  private static SourceReader<String, FakeReader.Split> endless() {
    return new SourceReader<>() {
      @Override
      public void start() {}

      @Override
      public InputStatus pollNext(ReaderOutput<String> output) {
        return InputStatus.MORE_AVAILABLE;
      }

      @Override
      public List<FakeReader.Split> snapshotState(long checkpointId) {
        return List.of();
      }

      @Override
      public CompletableFuture<Void> isAvailable() {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public void addSplits(List<FakeReader.Split> splits) {}

      @Override
      public void notifyNoMoreSplits() {}

      @Override
      public void close() {}
    };
  }

  private static PrioritySourceReader<String, FakeReader.Split> over(
      List<SourceReader<String, FakeReader.Split>> readers) {
    return new PrioritySourceReader<>(
        readers, FakeReader.Split::level, new PollOrder(readers.size(), FLOOR));
  }

  private static FakeReader.Split split(String id, int level) {
    return new FakeReader.Split(id, level);
  }

  private InputStatus poll() throws Exception {
    return reader.pollNext(output);
  }

  private void pollUntilNothing() throws Exception {
    while (poll() == InputStatus.MORE_AVAILABLE) {
      // the records are in the output
    }
  }
}
