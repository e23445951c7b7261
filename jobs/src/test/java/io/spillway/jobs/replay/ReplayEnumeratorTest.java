package io.spillway.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.jobs.FakeEnumeratorContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ReplayEnumeratorTest {
  private static final ReplaySplit.Plan PLAN =
      new ReplaySplit.Plan(true, List.of(split(0), split(100)), Set.of("run-0"));

  private final FakeEnumeratorContext<ReplaySplit> coordinator = new FakeEnumeratorContext<>(2);
  private final Deferred deferred = new Deferred();

  @Test
  void givesOneSplitToEachReaderThatAsksAndThenSaysThatThereAreNoMore() {
    deferred.open = List.of(split(0), split(100), split(200));
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
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
  void givesAsManySplitsAsWereAskedForWhileTheLedgerWasRead() {
    deferred.open = List.of(split(0), split(100), split(200));
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);
    coordinator.runAsync();
    assertThat(coordinator.assigned().get(0)).containsExactly(split(0), split(100));
    assertThat(coordinator.assigned().get(1)).containsExactly(split(200));
  }

  @Test
  void endsAtOnceWhenNothingIsOpen() {
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(1, null);
    coordinator.runAsync();
    assertThat(coordinator.told()).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void renewsItsClaimWhileItLasts() {
    started(ReplaySplit.Plan.NONE);
    coordinator.runAsync();
    coordinator.runPeriodic();
    coordinator.runPeriodic();
    assertThat(deferred.claims).isEqualTo(3);
  }

  @Test
  void givesNothingBeforeAllReadersHaveSaidWhatTheyHave() {
    deferred.open = List.of(split(0));
    ReplayEnumerator enumerator = new ReplayEnumerator(coordinator, deferred, "run-1", PLAN);
    coordinator.register(0);
    coordinator.register(1);
    enumerator.start();
    coordinator.runAsync();
    enumerator.handleSourceEvent(0, HeldSplits.atStart(List.of()));
    enumerator.handleSplitRequest(0, null);
    assertThat(coordinator.assigned()).isEmpty();
    assertThat(coordinator.told()).isEmpty();

    enumerator.handleSourceEvent(1, HeldSplits.atStart(List.of(split(100).splitId())));
    assertThat(coordinator.assigned().get(0)).containsExactly(split(0));
  }

  @Test
  void goesOnFromACheckpointWithWhatWasOpenAtItsBeginning() {
    deferred.open = List.of(split(0), split(100));
    ReplayEnumerator before = started(ReplaySplit.Plan.NONE);
    coordinator.runAsync();
    before.handleSplitRequest(0, null);
    ReplaySplit.Plan plan = before.snapshotState(1);
    assertThat(plan)
        .as("the reader's part of the checkpoint may have overtaken what it was given")
        .isEqualTo(PLAN);

    deferred.open = List.of(split(900));
    deferred.settledBy = Set.of("run-0", "run-1");
    coordinator.assigned().clear();
    ReplayEnumerator after = started(plan);
    coordinator.runAsync();
    after.handleSplitRequest(0, null);
    after.handleSplitRequest(1, null);
    assertThat(coordinator.assigned().get(0)).containsExactly(split(0));
    assertThat(coordinator.assigned().get(1)).containsExactly(split(100));
  }

  @Test
  void givesAgainWhatAReaderThatFailedDoesNotHaveAfterwards() {
    deferred.open = List.of(split(0), split(100));
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
    coordinator.runAsync();
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSplitRequest(0, null);

    enumerator.addSplitsBack(List.of(), 0);
    coordinator.assigned().clear();
    enumerator.handleSplitRequest(1, null);
    assertThat(coordinator.told()).as("what 0 has is not known yet").isEmpty();
    enumerator.handleSourceEvent(0, HeldSplits.atStart(List.of(split(100).splitId())));
    enumerator.handleSplitRequest(0, null);
    assertThat(coordinator.assigned().get(1)).containsExactly(split(0));
    assertThat(coordinator.told()).containsExactly(0);
  }

  @Test
  void tellsAReaderWhatACompletedCheckpointHolds() {
    deferred.open = List.of(split(0), split(100));
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
    coordinator.runAsync();
    enumerator.handleSplitRequest(0, null);
    enumerator.handleSourceEvent(0, new HeldSplits(1, List.of(split(0).splitId())));
    enumerator.handleSourceEvent(1, new HeldSplits(1, List.of()));
    enumerator.notifyCheckpointComplete(1);
    assertThat(coordinator.events())
        .isEqualTo(Map.of(0, List.of(SettledSplits.of(List.of(split(0).splitId())))));
    assertThat(enumerator.snapshotState(2).open()).containsExactly(split(100));
  }

  @Test
  void aCheckpointBeforeTheLedgerIsReadSaysSo() {
    ReplayEnumerator enumerator = started(ReplaySplit.Plan.NONE);
    assertThat(enumerator.snapshotState(1).planned()).isFalse();
  }

  @Test
  void theSecondOfTwoReplaysFailsForGoodAndSaysWhy() {
    deferred.failure = AnotherReplay.isAtWork("iot", "run-1", 12_000);
    started(ReplaySplit.Plan.NONE);
    assertThatThrownBy(coordinator::runAsync)
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "job 'iot' is being replayed by run 'run-1', which gave a sign of life 12 s ago:"
                + " wait for it to end");
  }

  @Test
  void doesNotGoOnAfterAnotherReplayHasSettledEvents() {
    deferred.settledBy = Set.of("run-0", "run-2");
    started(new ReplaySplit.Plan(true, List.of(split(100)), Set.of("run-0")));
    assertThatThrownBy(coordinator::runAsync)
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "run 'run-1' cannot go on, others have replayed events since it began (run-2): start a"
                + " new replay");
    assertThat(coordinator.assigned()).isEmpty();
  }

  @Test
  void aLedgerThatCannotBeReadFailsTheJobWhichMayTryAgain() {
    deferred.failure = new IOException("no broker");
    started(ReplaySplit.Plan.NONE);
    assertThatThrownBy(coordinator::runAsync)
        .isNotInstanceOf(SuppressRestartsException.class)
        .hasMessage("the ledger cannot be read or written")
        .hasRootCauseMessage("no broker");
  }

  private ReplayEnumerator started(ReplaySplit.Plan plan) {
    coordinator.register(0);
    coordinator.register(1);
    ReplayEnumerator enumerator = new ReplayEnumerator(coordinator, deferred, "run-1", plan);
    enumerator.start();
    enumerator.handleSourceEvent(0, HeldSplits.atStart(List.of()));
    enumerator.handleSourceEvent(1, HeldSplits.atStart(List.of()));
    return enumerator;
  }

  private static ReplaySplit split(long from) {
    return new ReplaySplit("iot.events", 0, from, from + 9, RoaringBitmap.bitmapOf(0, 9), from);
  }

  private static final class Deferred implements DeferredEvents {
    private List<ReplaySplit> open = List.of();
    private Set<String> settledBy = Set.of("run-0");
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
    public Ledger open() {
      return new Ledger(open, settledBy);
    }

    @Override
    public Set<String> settledBy() {
      return settledBy;
    }

    @Override
    public void close() {}
  }
}
