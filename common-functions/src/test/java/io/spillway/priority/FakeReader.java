package io.spillway.priority;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;

/** A reader that is fed by the test and writes down what it was told. Feeding is thread safe. */
final class FakeReader implements SourceReader<String, FakeReader.Split> {
  final List<String> told = new ArrayList<>();
  IOException failure;

  private final Map<String, Split> splits = new LinkedHashMap<>();
  private final Queue<String> records = new ArrayDeque<>();
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMore;
  private int polls;
  private int futures;

  record Split(String splitId, int level) implements SourceSplit {}

  /** New records, as a fetcher thread would bring them. */
  synchronized void give(String... some) {
    records.addAll(List.of(some));
    available.complete(null);
  }

  /** No records, but the future completes: what an empty fetch looks like. */
  synchronized void wakeForNothing() {
    available.complete(null);
  }

  synchronized int polls() {
    return polls;
  }

  /** Callbacks that hang on the future it last gave. */
  synchronized int callbacks() {
    return available.getNumberOfDependents();
  }

  synchronized int futures() {
    return futures;
  }

  @Override
  public synchronized InputStatus pollNext(ReaderOutput<String> output) {
    polls++;
    String record = records.poll();
    if (record != null) {
      output.collect(record);
      return InputStatus.MORE_AVAILABLE;
    }
    if (noMore) {
      return InputStatus.END_OF_INPUT;
    }
    if (available.isDone()) {
      available = new CompletableFuture<>();
      futures++;
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public synchronized CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void start() {
    told.add("start");
  }

  @Override
  public List<Split> snapshotState(long checkpointId) {
    told.add("snapshot " + checkpointId);
    return List.copyOf(splits.values());
  }

  @Override
  public void addSplits(List<Split> more) {
    told.add("add " + more.stream().map(Split::splitId).toList());
    more.forEach(split -> splits.put(split.splitId(), split));
  }

  void finish(String split) {
    splits.remove(split);
  }

  @Override
  public synchronized void notifyNoMoreSplits() {
    told.add("no more");
    noMore = true;
    available.complete(null);
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    told.add("event");
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    told.add("complete " + checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) {
    told.add("aborted " + checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    told.add("pause " + pause + " resume " + resume);
  }

  @Override
  public void close() throws IOException {
    told.add("close");
    if (failure != null) {
      throw failure;
    }
  }
}
