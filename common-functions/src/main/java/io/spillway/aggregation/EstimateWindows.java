package io.spillway.aggregation;

import io.spillway.admission.RejectedEvents;
import io.spillway.config.SerializerTypeInfo;
import java.io.Serializable;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Event-time windows per key whose results are {@link WindowEstimate}s, from the events kept and
 * the exact number of those that were not.
 *
 * <pre>
 *   events kept     -> partial windows --+-> [shuffle by key] -> window estimates
 *   counts of the rest -> known counts --+
 * </pre>
 *
 * <p>Partial results are made where the events are ({@link PartialWindowsOperator}); behind the
 * shuffle they are merged, tumbling and sliding windows by {@link BucketedWindowsOperator},
 * sessions by Flink's own window operator, with one {@link WindowSample} of state per open window
 * and key, in the state backend the cluster is configured with, deleted when the window's lateness
 * has passed.
 *
 * <p>A window emits when the watermark passes its end, and again, corrected, when something comes
 * within the lateness: the last result of a key and window is the valid one. A session that grew
 * has another end and so is another window. What comes later than that goes to the side output
 * {@code late}, untouched.
 *
 * <p>{@link #UID} is at version 3: in version 2 every key had a timer, in version 1 the state were
 * plain totals. Windows that were open in a savepoint of an earlier version are not continued;
 * restore it with {@code --allowNonRestoredState}, or stop the old job with {@code --drain}, which
 * makes it emit them.
 *
 * @param <K> what windows are kept by
 * @param <T> the events
 * @param late where events go that come after their window is gone
 */
public record EstimateWindows<K, T extends Measured>(
    WindowOptions options,
    KeySelector<T, K> key,
    TypeInformation<K> keyType,
    RejectedKey<K> rejectedKey,
    OutputTag<T> late) {

  public static final String UID = "estimate-windows-v3";

  /** Of session windows. */
  public static final String SESSIONS_UID = "estimate-windows-v2";

  public static final String NAME = "window estimates";
  public static final String PARTIAL_UID = "partial-windows-v1";
  public static final String PARTIAL_NAME = "partial windows";
  public static final String KNOWN_COUNTS_UID = "known-counts-v1";
  public static final String KNOWN_COUNTS_NAME = "known counts";

  /** The key of windows from the bytes that admission counted by; those are empty for no key. */
  @FunctionalInterface
  public interface RejectedKey<K> extends Serializable {
    K of(byte[] bytes);
  }

  /** Makes a job's own result record of a key and its estimate. */
  @FunctionalInterface
  public interface ResultOf<K, R> extends Serializable {
    R of(K key, WindowEstimate estimate);
  }

  /** What comes out of the windows. */
  public record Results<T, R>(DataStream<R> estimates, DataStream<T> late) {}

  /**
   * Attaches the windows.
   *
   * @param events kept, of the task that processed them
   * @param rejected counts of the others
   */
  public <R> Results<T, R> attach(
      DataStream<T> events,
      DataStream<RejectedEvents> rejected,
      ResultOf<K, R> resultOf,
      TypeInformation<R> resultType) {
    return attach("", events, rejected, resultOf, resultType);
  }

  /**
   * Attaches further windows to a job that has some already, over what was made of its events: how
   * many there would have been is not known.
   *
   * @param prefix of their uids and names, which no other windows of the job have
   */
  public <R> Results<T, R> attachFurther(
      String prefix, DataStream<T> made, ResultOf<K, R> resultOf, TypeInformation<R> resultType) {
    return attach(prefix + "-", made, null, resultOf, resultType);
  }

  private <R> Results<T, R> attach(
      String prefix,
      DataStream<T> events,
      DataStream<RejectedEvents> rejected,
      ResultOf<K, R> resultOf,
      TypeInformation<R> resultType) {
    SerializerTypeInfo<WindowSample> samples =
        new SerializerTypeInfo<>(WindowSample.class, WindowSampleSerializer.INSTANCE);
    TypeInformation<Tuple3<K, TimeWindow, WindowSample>> partials =
        Types.TUPLE(
            keyType,
            new SerializerTypeInfo<>(TimeWindow.class, new TimeWindow.Serializer()),
            samples);
    String shown = prefix.replace('-', ' ');
    SingleOutputStreamOperator<Tuple3<K, TimeWindow, WindowSample>> partial =
        events
            .transform(
                shown + PARTIAL_NAME, partials, new PartialWindowsOperator<>(options, key, late))
            .uid(prefix + PARTIAL_UID)
            .setParallelism(events.getParallelism());
    DataStream<Tuple3<K, TimeWindow, WindowSample>> all = partial;
    if (rejected != null) {
      all =
          partial.union(
              rejected
                  .map(new KnownCounts<>(rejectedKey), partials)
                  .uid(prefix + KNOWN_COUNTS_UID)
                  .name(shown + KNOWN_COUNTS_NAME)
                  .setParallelism(rejected.getParallelism()));
    }
    SingleOutputStreamOperator<R> estimates =
        options.kind() == WindowKind.SESSION
            ? sessions(all, resultOf, samples, resultType).uid(prefix + SESSIONS_UID)
            : spans(all, resultOf, resultType).uid(prefix + UID);
    return new Results<>(estimates.name(shown + NAME), partial.getSideOutput(late));
  }

  private <R> SingleOutputStreamOperator<R> spans(
      DataStream<Tuple3<K, TimeWindow, WindowSample>> partials,
      ResultOf<K, R> resultOf,
      TypeInformation<R> resultType) {
    return partials
        .keyBy(BucketedWindowsOperator.byBucket(), Types.INT)
        .transform(NAME, resultType, new BucketedWindowsOperator<>(options, keyType, resultOf));
  }

  /** Sessions of a key grow together: that is what Flink's window operator is for. */
  private <R> SingleOutputStreamOperator<R> sessions(
      DataStream<Tuple3<K, TimeWindow, WindowSample>> partials,
      ResultOf<K, R> resultOf,
      TypeInformation<WindowSample> samples,
      TypeInformation<R> resultType) {
    return partials
        .keyBy(each -> each.f0, keyType)
        .window(SpanWindows.sessions())
        .allowedLateness(options.lateness())
        .aggregate(new Merging<>(), new Emitting<>(resultOf), samples, samples, resultType);
  }

  private static final class KnownCounts<K>
      implements MapFunction<RejectedEvents, Tuple3<K, TimeWindow, WindowSample>> {
    private static final long serialVersionUID = 1L;

    private final RejectedKey<K> key;

    KnownCounts(RejectedKey<K> key) {
      this.key = key;
    }

    @Override
    public Tuple3<K, TimeWindow, WindowSample> map(RejectedEvents events) {
      WindowSample sample = new WindowSample();
      for (int stratum = 0; stratum < events.counts().length; stratum++) {
        if (events.counts()[stratum] != 0) {
          sample.addNotAdmitted(stratum, events.counts()[stratum]);
        }
      }
      return new Tuple3<>(
          key.of(events.key()), new TimeWindow(events.fromMillis(), events.toMillis()), sample);
    }
  }

  /** {@link WindowSample} as Flink calls it. */
  private static final class Merging<K>
      implements AggregateFunction<
          Tuple3<K, TimeWindow, WindowSample>, WindowSample, WindowSample> {
    private static final long serialVersionUID = 1L;

    @Override
    public WindowSample createAccumulator() {
      return new WindowSample();
    }

    @Override
    public WindowSample add(Tuple3<K, TimeWindow, WindowSample> partial, WindowSample sample) {
      return sample.mergedWith(partial.f2);
    }

    @Override
    public WindowSample getResult(WindowSample sample) {
      return sample;
    }

    @Override
    public WindowSample merge(WindowSample one, WindowSample other) {
      return one.mergedWith(other);
    }
  }

  private static final class Emitting<K, R>
      extends ProcessWindowFunction<WindowSample, R, K, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final ResultOf<K, R> resultOf;

    Emitting(ResultOf<K, R> resultOf) {
      this.resultOf = resultOf;
    }

    @Override
    public void process(K key, Context context, Iterable<WindowSample> samples, Collector<R> out) {
      TimeWindow window = context.window();
      out.collect(
          resultOf.of(
              key,
              WindowEstimate.of(window.getStart(), window.getEnd(), samples.iterator().next())));
    }
  }
}
