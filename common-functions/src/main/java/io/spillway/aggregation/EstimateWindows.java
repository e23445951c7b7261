package io.spillway.aggregation;

import java.io.Serializable;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Tumbling event-time windows per key whose results are {@link WindowEstimate}s. Attaches Flink's
 * own window operator: one {@link WindowTotals} of state per open window and key, in the state
 * backend the cluster is configured with, deleted when the window's lateness has passed.
 *
 * <p>A window emits when the watermark passes its end, and again, corrected, for each event that
 * comes within the lateness: the last result of a key and window is the valid one. What comes later
 * than that goes to the side output {@code late}, untouched.
 *
 * @param <T> the events
 * @param value what is summed up; must be finite for every event
 * @param weight how many events this one stands for; at least 1
 * @param late where events go that come after their window is gone
 */
public record EstimateWindows<T>(
    WindowOptions options, Measure<T> value, Measure<T> weight, OutputTag<T> late) {

  public static final String UID = "estimate-windows-v1";
  public static final String NAME = "window estimates";

  /** A number read from an event. */
  @FunctionalInterface
  public interface Measure<T> extends Serializable {
    double of(T event);
  }

  /** Makes a job's own result record of a key and its estimate. */
  @FunctionalInterface
  public interface ResultOf<K, R> extends Serializable {
    R of(K key, WindowEstimate estimate);
  }

  /** The results of these windows over a keyed stream. */
  public <K, R> SingleOutputStreamOperator<R> attach(
      KeyedStream<T, K> events, ResultOf<K, R> resultOf, TypeInformation<R> resultType) {
    TypeInformation<WindowTotals> totals = TypeInformation.of(WindowTotals.class);
    return events
        .window(TumblingEventTimeWindows.of(options.size()))
        .allowedLateness(options.lateness())
        .sideOutputLateData(late)
        .aggregate(
            new Totalling<>(value, weight), new Emitting<>(resultOf), totals, totals, resultType)
        .uid(UID)
        .name(NAME);
  }

  /** {@link WindowTotals} as Flink calls it; merging is for window kinds that merge. */
  private static final class Totalling<T>
      implements AggregateFunction<T, WindowTotals, WindowTotals> {
    private static final long serialVersionUID = 1L;

    private final Measure<T> value;
    private final Measure<T> weight;

    Totalling(Measure<T> value, Measure<T> weight) {
      this.value = value;
      this.weight = weight;
    }

    @Override
    public WindowTotals createAccumulator() {
      return WindowTotals.EMPTY;
    }

    @Override
    public WindowTotals add(T event, WindowTotals totals) {
      return totals.add(value.of(event), weight.of(event));
    }

    @Override
    public WindowTotals getResult(WindowTotals totals) {
      return totals;
    }

    @Override
    public WindowTotals merge(WindowTotals one, WindowTotals other) {
      return one.merge(other);
    }
  }

  private static final class Emitting<K, R>
      extends ProcessWindowFunction<WindowTotals, R, K, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final ResultOf<K, R> resultOf;

    Emitting(ResultOf<K, R> resultOf) {
      this.resultOf = resultOf;
    }

    @Override
    public void process(K key, Context context, Iterable<WindowTotals> totals, Collector<R> out) {
      TimeWindow window = context.window();
      out.collect(
          resultOf.of(
              key,
              WindowEstimate.of(window.getStart(), window.getEnd(), totals.iterator().next())));
    }
  }
}
