package io.spillway.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ReplayEnumeratorTest {
  private final Coordinator coordinator = new Coordinator();
  private final Deferred deferred = new Deferred();

  @Test
  void givesOneSplitToEachReaderThatAsksAndThenSaysThatThereAreNoMore() {
    deferred.open = List.of(split(0), split(100), split(200));
    ReplayEnumerator enumerator = started(new ReplaySplit.Plan(false, List.of()));
    enumerator.handleSplitRequest(0, null);
    assertThat(coordinator.assigned).as("the ledger is still being read").isEmpty();

    coordinator.runAsync();
    enumerator.handleSplitRequest(1, null);
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);

    assertThat(coordinator.assigned.get(0)).containsExactly(split(0), split(200));
    assertThat(coordinator.assigned.get(1)).containsExactly(split(100));
    assertThat(coordinator.told).containsExactly(1);
    assertThat(deferred.claims).isEqualTo(1);
  }

  @Test
  void endsAtOnceWhenNothingIsOpen() {
    ReplayEnumerator enumerator = started(new ReplaySplit.Plan(false, List.of()));
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);
    coordinator.runAsync();
    assertThat(coordinator.told).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void renewsItsClaimWhileItLasts() {
    started(new ReplaySplit.Plan(false, List.of()));
    coordinator.runAsync();
    coordinator.runPeriodic();
    coordinator.runPeriodic();
    assertThat(deferred.claims).isEqualTo(3);
  }

  @Test
  void goesOnFromACheckpointWithoutReadingTheLedgerAgain() {
    deferred.open = List.of(split(0), split(100));
    ReplayEnumerator before = started(new ReplaySplit.Plan(false, List.of()));
    coordinator.runAsync();
    before.handleSplitRequest(0, null);
    ReplaySplit.Plan plan = before.snapshotState(1);
    assertThat(plan).isEqualTo(new ReplaySplit.Plan(true, List.of(split(100))));

    deferred.open = List.of(split(900));
    coordinator.assigned.clear();
    ReplayEnumerator after = started(plan);
    coordinator.runAsync();
    after.addSplitsBack(List.of(split(0)), 0);
    after.handleSplitRequest(0, null);
    after.handleSplitRequest(1, null);
    assertThat(coordinator.assigned.get(0)).containsExactly(split(0));
    assertThat(coordinator.assigned.get(1)).containsExactly(split(100));
  }

  @Test
  void aCheckpointBeforeTheLedgerIsReadSaysSo() {
    ReplayEnumerator enumerator = started(new ReplaySplit.Plan(false, List.of()));
    assertThat(enumerator.snapshotState(1).planned()).isFalse();
  }

  @Test
  void theSecondOfTwoReplaysFailsForGoodAndSaysWhy() {
    deferred.failure = new AnotherReplay("iot", "run-1", 12_000);
    started(new ReplaySplit.Plan(false, List.of()));
    assertThatThrownBy(coordinator::runAsync)
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "job 'iot' is being replayed by run 'run-1', which gave a sign of life 12 s ago:"
                + " wait for it to end");
  }

  @Test
  void aLedgerThatCannotBeReadFailsTheJobWhichMayTryAgain() {
    deferred.failure = new IOException("no broker");
    started(new ReplaySplit.Plan(false, List.of()));
    assertThatThrownBy(coordinator::runAsync)
        .isNotInstanceOf(SuppressRestartsException.class)
        .hasMessage("the ledger cannot be read or written")
        .hasRootCauseMessage("no broker");
  }

  private ReplayEnumerator started(ReplaySplit.Plan plan) {
    coordinator.register(0);
    coordinator.register(1);
    ReplayEnumerator enumerator = new ReplayEnumerator(coordinator, deferred, plan);
    enumerator.start();
    return enumerator;
  }

  private static ReplaySplit split(long from) {
    return new ReplaySplit("iot.events", 0, from, from + 9, RoaringBitmap.bitmapOf(0, 9), from);
  }

  private static final class Deferred implements DeferredEvents {
    private List<ReplaySplit> open = List.of();
    private Exception failure;
    private int claims;

    @Override
    public void claim() throws Exception {
      if (failure != null) {
        throw failure;
      }
      claims++;
    }

    @Override
    public List<ReplaySplit> open() {
      return open;
    }

    @Override
    public void close() {}
  }

  /** Runs what is asynchronous when a test says so. */
  private static final class Coordinator implements SplitEnumeratorContext<ReplaySplit> {
    private final Map<Integer, ReaderInfo> registered = new HashMap<>();
    private final Map<Integer, List<ReplaySplit>> assigned = new HashMap<>();
    private final List<Integer> told = new ArrayList<>();
    private final Queue<Runnable> async = new ArrayDeque<>();
    private Runnable periodic;

    void register(int subtask) {
      registered.put(subtask, new ReaderInfo(subtask, "localhost"));
    }

    void runAsync() {
      while (!async.isEmpty()) {
        async.remove().run();
      }
    }

    void runPeriodic() {
      periodic.run();
    }

    @Override
    public int currentParallelism() {
      return registered.size();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return registered;
    }

    @Override
    public void assignSplits(SplitsAssignment<ReplaySplit> assignment) {
      assignment
          .assignment()
          .forEach(
              (subtask, splits) ->
                  assigned.computeIfAbsent(subtask, s -> new ArrayList<>()).addAll(splits));
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
      told.add(subtask);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      async.add(() -> run(callable, handler));
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
      periodic = () -> run(callable, handler);
    }

    private static <T> void run(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      T result = null;
      Throwable failure = null;
      try {
        result = callable.call();
      } catch (Exception e) {
        failure = e;
      }
      handler.accept(result, failure);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }
  }
}
