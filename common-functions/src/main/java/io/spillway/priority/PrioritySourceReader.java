package io.spillway.priority;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * The readers of all levels behind the face of one. A level that said it has nothing is asked again
 * only when the future it gave has completed, so an empty level costs one volatile read per record
 * of the others. Polling allocates nothing as long as somebody has records.
 *
 * <p>Runs in the task thread; only {@link #wake} is called from the threads of the readers. Ends
 * when all levels have ended.
 */
@SuppressWarnings("try") // close() throws what a reader throws, as the interface has it
final class PrioritySourceReader<T, SplitT extends SourceSplit> implements SourceReader<T, SplitT> {
  private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

  private final List<Input<T, SplitT>> inputs = new ArrayList<>();
  private final Map<String, Input<T, SplitT>> inputOfSplit = new HashMap<>();
  private final SerializableFunction<SplitT, Integer> levelOf;
  private final PollOrder order;
  private final BiConsumer<Void, Throwable> wakeWhenComplete = (nothing, error) -> wake();

  /** What the runtime waits on while no level has anything; replaced only when completed. */
  private volatile CompletableFuture<Void> available = NOW;

  /** One level: its reader and what it last said about itself. */
  private static final class Input<T, SplitT extends SourceSplit> {
    final SourceReader<T, SplitT> reader;
    CompletableFuture<Void> awaited = NOW;
    boolean ended;

    Input(SourceReader<T, SplitT> reader) {
      this.reader = reader;
    }

    boolean mayHaveData() {
      return !ended && awaited.isDone();
    }
  }

  PrioritySourceReader(
      List<SourceReader<T, SplitT>> readers,
      SerializableFunction<SplitT, Integer> levelOf,
      PollOrder order) {
    readers.forEach(reader -> inputs.add(new Input<>(reader)));
    this.levelOf = levelOf;
    this.order = order;
  }

  @Override
  public void start() {
    inputs.forEach(input -> input.reader.start());
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    int ready = ready();
    int level;
    while ((level = order.next(ready)) != PollOrder.NONE) {
      Input<T, SplitT> input = inputs.get(level);
      InputStatus status = input.reader.pollNext(output);
      if (status == InputStatus.MORE_AVAILABLE) {
        order.taken(level);
        return status;
      }
      if (status == InputStatus.END_OF_INPUT) {
        input.ended = true;
      } else {
        await(input);
      }
      ready &= ~(1 << level);
    }
    return allEnded() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    if (ready() != 0 || allEnded()) {
      return NOW;
    }
    CompletableFuture<Void> current = available;
    if (current.isDone()) {
      current = new CompletableFuture<>();
      available = current;
      // A level that completed before the line above has woken nobody.
      if (ready() != 0) {
        current.complete(null);
      }
    }
    return current;
  }

  @Override
  public List<SplitT> snapshotState(long checkpointId) {
    List<SplitT> splits = new ArrayList<>();
    inputs.forEach(input -> splits.addAll(input.reader.snapshotState(checkpointId)));
    Set<String> unfinished = new HashSet<>();
    splits.forEach(split -> unfinished.add(split.splitId()));
    inputOfSplit.keySet().retainAll(unfinished);
    return splits;
  }

  @Override
  public void addSplits(List<SplitT> splits) {
    Map<Input<T, SplitT>, List<SplitT>> routed = new HashMap<>();
    for (SplitT split : splits) {
      Input<T, SplitT> input = inputs.get(levelOf.apply(split));
      inputOfSplit.put(split.splitId(), input);
      routed.computeIfAbsent(input, ignored -> new ArrayList<>()).add(split);
    }
    routed.forEach(
        (input, its) -> {
          input.reader.addSplits(its);
          input.ended = false;
          askAgain(input);
        });
  }

  @Override
  public void notifyNoMoreSplits() {
    inputs.forEach(
        input -> {
          input.reader.notifyNoMoreSplits();
          askAgain(input);
        });
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    inputs.forEach(
        input -> {
          input.reader.handleSourceEvents(event);
          askAgain(input);
        });
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    for (Input<T, SplitT> input : inputs) {
      List<String> itsPause = pause.stream().filter(id -> inputOfSplit.get(id) == input).toList();
      List<String> itsResume = resume.stream().filter(id -> inputOfSplit.get(id) == input).toList();
      if (!itsPause.isEmpty() || !itsResume.isEmpty()) {
        input.reader.pauseOrResumeSplits(itsPause, itsResume);
      }
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    forAll(reader -> reader.notifyCheckpointComplete(checkpointId));
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    forAll(reader -> reader.notifyCheckpointAborted(checkpointId));
  }

  /** Closes all readers, whatever happens; throws what went wrong first. */
  @Override
  public void close() throws Exception {
    IOUtils.closeAll(inputs.stream().map(input -> input.reader).toList());
  }

  private void forAll(ThrowingConsumer<SourceReader<T, SplitT>, Exception> call) throws Exception {
    for (Input<T, SplitT> input : inputs) {
      call.accept(input.reader);
    }
  }

  private int ready() {
    int ready = 0;
    for (int level = 0; level < inputs.size(); level++) {
      if (inputs.get(level).mayHaveData()) {
        ready |= 1 << level;
      }
    }
    return ready;
  }

  private boolean allEnded() {
    for (int level = 0; level < inputs.size(); level++) {
      if (!inputs.get(level).ended) {
        return false;
      }
    }
    return true;
  }

  /** Leaves the level alone until its future completes; hangs one callback on each future. */
  private void await(Input<T, SplitT> input) {
    CompletableFuture<Void> future = input.reader.isAvailable();
    if (future != input.awaited && !future.isDone()) {
      future.whenComplete(wakeWhenComplete);
    }
    input.awaited = future;
  }

  private void askAgain(Input<T, SplitT> input) {
    input.awaited = NOW;
    wake();
  }

  private void wake() {
    available.complete(null);
  }
}
