package io.spillway.jobs.load;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.clock.Clock;

/**
 * Hands out the splits once every reader is there, so that all of them start together; then, unless
 * the start was given, is when the schedule starts. Called by the coordinator's thread only.
 */
final class ScheduleEnumerator implements SplitEnumerator<ScheduleSplit, List<ScheduleSplit>> {
  private final SplitEnumeratorContext<ScheduleSplit> context;
  private final List<ScheduleSplit> unassigned;
  private final Clock clock;

  ScheduleEnumerator(
      SplitEnumeratorContext<ScheduleSplit> context, List<ScheduleSplit> unassigned, Clock clock) {
    this.context = context;
    this.unassigned = new ArrayList<>(unassigned);
    this.clock = clock;
  }

  @Override
  public void start() {}

  @Override
  public void addReader(int subtask) {
    int readers = context.currentParallelism();
    if (context.registeredReaders().size() < readers) {
      return;
    }
    long now = clock.absoluteTimeMillis();
    for (ScheduleSplit split : unassigned) {
      context.assignSplit(
          split.startMillis() == 0 ? split.startingAt(now) : split, split.index() % readers);
    }
    unassigned.clear();
    context.registeredReaders().keySet().forEach(context::signalNoMoreSplits);
  }

  /** Splits are handed out, not asked for. */
  @Override
  public void handleSplitRequest(int subtask, String host) {}

  @Override
  public void addSplitsBack(List<ScheduleSplit> splits, int subtask) {
    unassigned.addAll(splits);
  }

  @Override
  public List<ScheduleSplit> snapshotState(long checkpointId) {
    return List.copyOf(unassigned);
  }

  @Override
  public void close() {}
}
