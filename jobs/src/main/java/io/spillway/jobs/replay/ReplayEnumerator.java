package io.spillway.jobs.replay;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Claims the replay, reads once what is open, hands it out split by split to whoever asks, and
 * renews the claim until the end. A run that goes on from a checkpoint reads the ledger again, only
 * to see whether another run has settled events in between: some of them would be its own. Reading
 * and claiming happen on the context's worker thread, everything else on the coordinator's.
 */
final class ReplayEnumerator implements SplitEnumerator<ReplaySplit, ReplaySplit.Plan> {
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final SplitEnumeratorContext<ReplaySplit> context;
  private final DeferredEvents events;
  private final String run;
  private final SplitHandout handout = new SplitHandout();
  private final Queue<Integer> asking = new ArrayDeque<>();
  private ReplaySplit.Plan plan;
  private boolean ready;

  ReplayEnumerator(
      SplitEnumeratorContext<ReplaySplit> context,
      DeferredEvents events,
      String run,
      ReplaySplit.Plan plan) {
    this.context = context;
    this.events = events;
    this.run = run;
    this.plan = plan;
    handout.add(plan.open());
  }

  @Override
  public void start() {
    boolean goesOn = plan.planned();
    context.callAsync(
        () -> {
          events.claim();
          return goesOn ? new DeferredEvents.Ledger(List.of(), events.settledBy()) : events.open();
        },
        this::begin);
    context.callAsync(
        () -> {
          events.claim();
          return true;
        },
        (claimed, failure) -> failOn(failure),
        HEARTBEAT.toMillis(),
        HEARTBEAT.toMillis());
  }

  private void begin(DeferredEvents.Ledger ledger, Throwable failure) {
    failOn(failure);
    if (plan.planned()) {
      failIfOvertaken(ledger.settledBy());
    } else {
      handout.add(ledger.splits());
      plan = new ReplaySplit.Plan(true, List.of(), ledger.settledBy());
    }
    ready = true;
    giveWhatIsAskedFor();
  }

  private void failIfOvertaken(Set<String> settledBy) {
    Set<String> others = new TreeSet<>(settledBy);
    others.removeAll(plan.settledBy());
    others.remove(run);
    if (!others.isEmpty()) {
      throw AnotherReplay.hasOvertaken(run, others);
    }
  }

  private static void failOn(Throwable failure) {
    if (failure instanceof AnotherReplay another) {
      throw another;
    }
    if (failure != null) {
      throw new FlinkRuntimeException("the ledger cannot be read or written", failure);
    }
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {
    asking.add(subtask);
    giveWhatIsAskedFor();
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    HeldSplits held = (HeldSplits) event;
    if (held.isAtStart()) {
      handout.holds(subtask, held.ids());
      giveWhatIsAskedFor();
    } else {
      sayWhatIsSettled(handout.named(held.checkpoint(), subtask, held.ids()));
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    sayWhatIsSettled(handout.completed(checkpointId));
  }

  private void sayWhatIsSettled(Map<Integer, Set<String>> settled) {
    settled.forEach(
        (subtask, ids) -> {
          if (context.registeredReaders().containsKey(subtask) && !ids.isEmpty()) {
            context.sendEventToSourceReader(subtask, SettledSplits.of(ids));
          }
        });
  }

  private void giveWhatIsAskedFor() {
    while (ready && handout.knowsAll(context.currentParallelism()) && !asking.isEmpty()) {
      give(asking.remove());
    }
  }

  private void give(int subtask) {
    if (context.registeredReaders().containsKey(subtask)) {
      handout
          .next(subtask)
          .ifPresentOrElse(
              split -> context.assignSplit(split, subtask),
              () -> context.signalNoMoreSplits(subtask));
    }
  }

  /** What this reader has, of what it was given, it says itself when it starts again. */
  @Override
  public void addSplitsBack(List<ReplaySplit> splits, int subtask) {
    handout.restarts(subtask);
    asking.removeIf(reader -> reader == subtask);
  }

  /** A reader says what it has, and asks when it has nothing to do. */
  @Override
  public void addReader(int subtask) {}

  @Override
  public ReplaySplit.Plan snapshotState(long checkpointId) {
    return new ReplaySplit.Plan(plan.planned(), handout.open(), plan.settledBy());
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
