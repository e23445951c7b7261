package io.spillway.jobs.video;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.windowing.assigners.MergingWindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Session windows with an end: from the first event to a gap without any, but never longer than a
 * limit. What would make a session longer begins the next one. So a player that never stops is a
 * session every so often, and its state stays small.
 *
 * <p>Where a long session is cut depends on the order in which its events come.
 */
final class SessionSpans extends MergingWindowAssigner<Object, TimeWindow> {
  private static final long serialVersionUID = 1L;

  private final long gapMillis;
  private final long longestMillis;
  private final long waitMillis;

  /**
   * @param longestMillis from the first event to the last one
   * @param waitMillis how long after its end a session waits for stragglers
   */
  SessionSpans(long gapMillis, long longestMillis, long waitMillis) {
    this.gapMillis = gapMillis;
    this.longestMillis = longestMillis;
    this.waitMillis = waitMillis;
  }

  @Override
  public Collection<TimeWindow> assignWindows(
      Object point, long timestamp, WindowAssignerContext context) {
    return List.of(new TimeWindow(timestamp, timestamp + gapMillis));
  }

  @Override
  public void mergeWindows(Collection<TimeWindow> windows, MergeCallback<TimeWindow> merge) {
    List<TimeWindow> inOrder = new ArrayList<>(windows);
    inOrder.sort(Comparator.comparingLong(TimeWindow::getStart).thenComparing(TimeWindow::getEnd));
    TimeWindow all = null;
    Set<TimeWindow> merged = new LinkedHashSet<>();
    for (TimeWindow window : inOrder) {
      if (all != null && all.intersects(window) && fits(all.cover(window))) {
        all = all.cover(window);
      } else {
        tell(merged, all, merge);
        merged = new LinkedHashSet<>();
        all = window;
      }
      merged.add(window);
    }
    tell(merged, all, merge);
  }

  private boolean fits(TimeWindow window) {
    return window.getEnd() - window.getStart() <= longestMillis + gapMillis;
  }

  /** Flink's window operator changes what it is told: it takes windows out. */
  private static void tell(
      Set<TimeWindow> merged, TimeWindow all, MergeCallback<TimeWindow> merge) {
    if (merged.size() > 1) {
      merge.merge(merged, all);
    }
  }

  @Override
  public Trigger<Object, TimeWindow> getDefaultTrigger() {
    return new OnceWhenOver(waitMillis);
  }

  @Override
  public TypeSerializer<TimeWindow> getWindowSerializer(ExecutionConfig config) {
    return new TimeWindow.Serializer();
  }

  @Override
  public boolean isEventTime() {
    return true;
  }
}
