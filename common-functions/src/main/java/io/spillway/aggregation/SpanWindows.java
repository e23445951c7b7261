package io.spillway.aggregation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.assigners.MergingWindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Puts a partial result into the windows that its span of time belongs to. A pane lies in the same
 * tumbling or sliding windows as each of its moments; a session is whatever the span becomes
 * together with those it touches.
 */
final class SpanWindows {
  private SpanWindows() {}

  /** The tumbling or sliding windows in which this moment lies, the last one first. */
  static List<TimeWindow> at(long millis, WindowOptions options) {
    long size = options.size().toMillis();
    boolean tumbling = options.kind() == WindowKind.TUMBLING;
    long step = tumbling ? size : options.slide().toMillis();
    long last = TimeWindow.getWindowStartWithOffset(millis, 0, step);
    if (tumbling) {
      return List.of(new TimeWindow(last, last + size));
    }
    List<TimeWindow> windows = new ArrayList<>();
    for (long start = last; start > millis - size; start -= step) {
      windows.add(new TimeWindow(start, start + size));
    }
    return windows;
  }

  /** Sessions, for partial results in which the span is the second of three. */
  static MergingWindowAssigner<Object, TimeWindow> sessions() {
    return new Sessions();
  }

  private static final class Sessions extends MergingWindowAssigner<Object, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public Collection<TimeWindow> assignWindows(
        Object partial, long timestamp, WindowAssignerContext context) {
      return List.of((TimeWindow) ((Tuple3<?, ?, ?>) partial).f1);
    }

    @Override
    public void mergeWindows(Collection<TimeWindow> windows, MergeCallback<TimeWindow> merge) {
      TimeWindow.mergeWindows(windows, merge);
    }

    @Override
    public Trigger<Object, TimeWindow> getDefaultTrigger() {
      return EventTimeTrigger.create();
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
}
