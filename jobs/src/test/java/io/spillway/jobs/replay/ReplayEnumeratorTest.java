package io.spillway.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.jobs.FakeEnumeratorContext;
import java.io.IOException;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ReplayEnumeratorTest {
  private final FakeEnumeratorContext<ReplaySplit> coordinator = new FakeEnumeratorContext<>(2);
  private final Deferred deferred = new Deferred();

  @Test
  void givesOneSplitToEachReaderThatAsksAndThenSaysThatThereAreNoMore() {
    deferred.open = List.of(split(0), split(100), split(200));
    ReplayEnumerator enumerator = started(new ReplaySplit.Plan(false, List.of()));
    enumerator.handleSplitRequest(0, null);
    assertThat(coordinator.assigned()).as("the ledger is still being read").isEmpty();

    coordinator.runAsync();
    enumerator.handleSplitRequest(1, null);
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);

    assertThat(coordinator.assigned().get(0)).containsExactly(split(0), split(200));
    assertThat(coordinator.assigned().get(1)).containsExactly(split(100));
    assertThat(coordinator.told()).containsExactly(1);
    assertThat(deferred.claims).isEqualTo(1);
  }

  @Test
  void endsAtOnceWhenNothingIsOpen() {
    ReplayEnumerator enumerator = started(new ReplaySplit.Plan(false, List.of()));
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);
    coordinator.runAsync();
    assertThat(coordinator.told()).containsExactlyInAnyOrder(0, 1);
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
    coordinator.assigned().clear();
    ReplayEnumerator after = started(plan);
    coordinator.runAsync();
    after.addSplitsBack(List.of(split(0)), 0);
    after.handleSplitRequest(0, null);
    after.handleSplitRequest(1, null);
    assertThat(coordinator.assigned().get(0)).containsExactly(split(0));
    assertThat(coordinator.assigned().get(1)).containsExactly(split(100));
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
}
