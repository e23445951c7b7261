package io.spillway.aggregation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.assigners.MergingWindowAssigner;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Puts a partial result into the windows that its span of time belongs to: the pane itself, all
 * windows that slide over the pane, or the session it becomes together with what it touches.
 */
final class SpanWindows {
  private SpanWindows() {}

  static <K> WindowAssigner<Tuple3<K, TimeWindow, WindowSample>, TimeWindow> of(
      WindowOptions options) {
    return options.kind() == WindowKind.SESSION
        ? new Sessions<>()
        : new Panes<>(options.size().toMillis(), options.spans().millis());
  }

  private static final class Panes<K>
      extends WindowAssigner<Tuple3<K, TimeWindow, WindowSample>, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final long sizeMillis;
    private final long slideMillis;

    Panes(long sizeMillis, long slideMillis) {
      this.sizeMillis = sizeMillis;
      this.slideMillis = slideMillis;
    }

    @Override
    public Collection<TimeWindow> assignWindows(
        Tuple3<K, TimeWindow, WindowSample> partial,
        long timestamp,
        WindowAssignerContext context) {
      long pane = partial.f1.getStart();
      List<TimeWindow> windows = new ArrayList<>();
      for (long start = pane; start > pane - sizeMillis; start -= slideMillis) {
        windows.add(new TimeWindow(start, start + sizeMillis));
      }
      return windows;
    }

    @Override
    public Trigger<Tuple3<K, TimeWindow, WindowSample>, TimeWindow> getDefaultTrigger() {
      return atTheEnd();
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

  private static final class Sessions<K>
      extends MergingWindowAssigner<Tuple3<K, TimeWindow, WindowSample>, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public Collection<TimeWindow> assignWindows(
        Tuple3<K, TimeWindow, WindowSample> partial,
        long timestamp,
        WindowAssignerContext context) {
      return List.of(partial.f1);
    }

    @Override
    public void mergeWindows(Collection<TimeWindow> windows, MergeCallback<TimeWindow> merge) {
      TimeWindow.mergeWindows(windows, merge);
    }

    @Override
    public Trigger<Tuple3<K, TimeWindow, WindowSample>, TimeWindow> getDefaultTrigger() {
      return atTheEnd();
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

  @SuppressWarnings("unchecked")
  private static <T> Trigger<T, TimeWindow> atTheEnd() {
    return (Trigger<T, TimeWindow>) (Trigger<?, TimeWindow>) EventTimeTrigger.create();
  }
}
