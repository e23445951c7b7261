package io.spillway.aggregation;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.assigners.MergingWindowAssigner;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Puts a partial result into the windows that its span of time belongs to. A pane lies in the same
 * tumbling or sliding windows as each of its moments, so Flink's own assigners do; a session is
 * whatever the span becomes together with those it touches.
 */
final class SpanWindows {
  private SpanWindows() {}

  /** For partial results whose timestamp is the last moment of their span. */
  static WindowAssigner<Object, TimeWindow> of(WindowOptions options) {
    return switch (options.kind()) {
      case TUMBLING -> TumblingEventTimeWindows.of(options.size());
      case SLIDING -> SlidingEventTimeWindows.of(options.size(), options.slide());
      case SESSION -> new Sessions();
    };
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
