package io.spillway.jobs.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.clock.Clock;

/**
 * Emits every event that is due, in numbers of at most {@value #MOST_AT_ONCE} per call so that the
 * task gets to its other work, and never waits for anything: when nothing is due it says so, and a
 * timer of the JDK makes it available again at the next due millisecond. A reader that fell behind
 * finds many events due and emits them as fast as the sink takes them.
 *
 * <p>Called by the task thread only.
 */
final class ScheduleReader implements SourceReader<Long, ScheduleSplit> {
  private static final int MOST_AT_ONCE = 256;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Schedule schedule;
  private final EventPlan plan;
  private final Clock clock;
  private final List<Cursor> cursors = new ArrayList<>();
  private boolean allSplitsKnown;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  ScheduleReader(Schedule schedule, EventPlan plan, Clock clock) {
    this.schedule = schedule;
    this.plan = plan;
    this.clock = clock;
  }

  @Override
  public void start() {}

  @Override
  public InputStatus pollNext(ReaderOutput<Long> output) {
    long now = clock.absoluteTimeMillis();
    long nextDue = Long.MAX_VALUE;
    for (Cursor cursor : cursors) {
      cursor.emitDue(now, output);
      nextDue = Math.min(nextDue, cursor.nextDueMillis());
    }
    if (nextDue == Long.MAX_VALUE) {
      return nothingLeft();
    }
    if (nextDue <= now) {
      return InputStatus.MORE_AVAILABLE;
    }
    available =
        new CompletableFuture<Void>().completeOnTimeout(null, nextDue - now, TimeUnit.MILLISECONDS);
    return InputStatus.NOTHING_AVAILABLE;
  }

  private InputStatus nothingLeft() {
    if (allSplitsKnown) {
      return InputStatus.END_OF_INPUT;
    }
    available = new CompletableFuture<>();
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public void addSplits(List<ScheduleSplit> splits) {
    splits.forEach(split -> cursors.add(new Cursor(split)));
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    allSplitsKnown = true;
    available.complete(null);
  }

  @Override
  public List<ScheduleSplit> snapshotState(long checkpointId) {
    return cursors.stream().map(Cursor::split).toList();
  }

  @Override
  public void close() {}

  /** How far one split has been sent. */
  private final class Cursor {
    private final ScheduleSplit split;
    private long nextEvent;

    Cursor(ScheduleSplit split) {
      this.split = split;
      this.nextEvent = split.nextEvent();
    }

    void emitDue(long nowMillis, ReaderOutput<Long> output) {
      long due = schedule.dueBy((nowMillis - split.startMillis()) * NANOS_PER_MILLI);
      long end = Math.min(due, nextEvent + MOST_AT_ONCE);
      for (; nextEvent < end; nextEvent++) {
        if (split.of() == 1 || split.owns(plan.source(nextEvent))) {
          output.collect(nextEvent, dueMillis(nextEvent));
        }
      }
    }

    /** When the next event, of any source, is due; the end of time when there is none. */
    long nextDueMillis() {
      if (nextEvent == schedule.events()) {
        return Long.MAX_VALUE;
      }
      long nanos = schedule.dueNanos(nextEvent);
      return split.startMillis() + (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    ScheduleSplit split() {
      return new ScheduleSplit(split.index(), split.of(), split.startMillis(), nextEvent);
    }

    private long dueMillis(long event) {
      return split.startMillis() + schedule.dueNanos(event) / NANOS_PER_MILLI;
    }
  }
}
