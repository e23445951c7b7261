package io.spillway.jobs;

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
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * The readers of a job, who note what they are given, and a coordinator that runs what is
 * asynchronous when a test says so.
 */
public final class FakeEnumeratorContext<S extends SourceSplit>
    implements SplitEnumeratorContext<S> {
  private final int parallelism;
  private final Map<Integer, ReaderInfo> registered = new HashMap<>();
  private final Map<Integer, List<S>> assigned = new HashMap<>();
  private final List<Integer> told = new ArrayList<>();
  private final Map<Integer, List<SourceEvent>> events = new HashMap<>();
  private final Queue<Runnable> async = new ArrayDeque<>();
  private Runnable periodic;

  public FakeEnumeratorContext(int parallelism) {
    this.parallelism = parallelism;
  }

  public void register(int subtask) {
    registered.put(subtask, new ReaderInfo(subtask, "localhost"));
  }

  /** Splits given out, by subtask. A test may take them out. */
  public Map<Integer, List<S>> assigned() {
    return assigned;
  }

  /** Subtasks that were told that there are no more. */
  public List<Integer> told() {
    return told;
  }

  /** Events sent to readers, by subtask. */
  public Map<Integer, List<SourceEvent>> events() {
    return events;
  }

  public void runAsync() {
    while (!async.isEmpty()) {
      async.remove().run();
    }
  }

  public void runPeriodic() {
    periodic.run();
  }

  @Override
  public int currentParallelism() {
    return parallelism;
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return registered;
  }

  @Override
  public void assignSplits(SplitsAssignment<S> assignment) {
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
    throw new UnsupportedOperationException("no enumerator here has metrics");
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    events.computeIfAbsent(subtask, s -> new ArrayList<>()).add(event);
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
