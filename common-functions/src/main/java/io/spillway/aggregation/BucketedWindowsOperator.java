package io.spillway.aggregation;

import io.spillway.config.SerializerTypeInfo;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.MathUtils;

/**
 * Tumbling and sliding windows of many keys. All keys of a window end at the same moment, so they
 * need not have a timer each: keys are put into {@value #BUCKETS} buckets, a window has a timer for
 * each bucket in use, and the samples of a bucket lie next to each other in the state, where they
 * are read in one go when the timer fires. A key that comes once costs RocksDB a look-up, a write
 * and a delete, where Flink's window operator needs two more of each for its timer, and a look-up
 * for the result ({@code ./spillway bench M21} compares 10^7 keys with 10^4).
 *
 * <p>What comes out is what Flink's operator emits with its event-time trigger: every key of a
 * window when the watermark passes its end, and a single key again for whatever comes within the
 * lateness. What comes later is counted as late and dropped, as there; partial results never are,
 * because they leave before the watermark that ends their window.
 *
 * @param <K> what windows are kept by; its hash code must be the same in every process
 * @param <R> results
 */
final class BucketedWindowsOperator<K, R> extends AbstractStreamOperator<R>
    implements OneInputStreamOperator<Tuple3<K, TimeWindow, WindowSample>, R>,
        Triggerable<Integer, TimeWindow> {

  /**
   * Many, so that hundreds of subtasks get nearly equal shares; few where keys are many: at 10^6
   * keys, thirty of them share a timer. Part of the state's format.
   */
  static final int BUCKETS = 32_768;

  /** As in Flink's window operator. */
  private static final String LATE_RECORDS_DROPPED = "numLateRecordsDropped";

  private static final TypeSerializer<TimeWindow> WINDOWS = new TimeWindow.Serializer();

  private static final long serialVersionUID = 1L;

  private final WindowOptions options;
  private final long latenessMillis;
  private final MapStateDescriptor<K, WindowSample> samplesDescriptor;
  private final EstimateWindows.ResultOf<K, R> resultOf;

  private transient InternalTimerService<TimeWindow> timers;
  private transient Map<TimeWindow, BitSet> withTimers;
  private transient Counter lateRecordsDropped;

  /**
   * @param keyType of the keys
   */
  BucketedWindowsOperator(
      WindowOptions options, TypeInformation<K> keyType, EstimateWindows.ResultOf<K, R> resultOf) {
    this.options = options;
    this.latenessMillis = options.lateness().toMillis();
    this.samplesDescriptor =
        new MapStateDescriptor<>(
            "samples",
            keyType,
            new SerializerTypeInfo<>(WindowSample.class, WindowSampleSerializer.INSTANCE));
    this.resultOf = resultOf;
  }

  /** The bucket of a key, for the shuffle. */
  static <K> KeySelector<Tuple3<K, TimeWindow, WindowSample>, Integer> byBucket() {
    return partial -> MathUtils.murmurHash(partial.f0.hashCode()) % BUCKETS;
  }

  @Override
  public void open() throws Exception {
    super.open();
    timers = getInternalTimerService("window-timers", WINDOWS, this);
    withTimers = new HashMap<>();
    lateRecordsDropped = getMetricGroup().counter(LATE_RECORDS_DROPPED);
  }

  @Override
  public void processElement(StreamRecord<Tuple3<K, TimeWindow, WindowSample>> element)
      throws Exception {
    K key = element.getValue().f0;
    WindowSample partial = element.getValue().f2;
    List<TimeWindow> windows = SpanWindows.at(element.getTimestamp(), options);
    boolean dropped = true;
    for (TimeWindow window : windows) {
      if (goneAt(window) > timers.currentWatermark()) {
        // Kept as it is where it is in one window only: nobody else has it behind a shuffle.
        add(
            key,
            window,
            windows.size() == 1 ? partial : WindowSampleSerializer.INSTANCE.copy(partial));
        dropped = false;
      }
    }
    if (dropped) {
      lateRecordsDropped.inc();
    }
  }

  private void add(K key, TimeWindow window, WindowSample partial) throws Exception {
    MapState<K, WindowSample> samples = samples(window);
    WindowSample before = samples.get(key);
    WindowSample sample = before == null ? partial : before.mergedWith(partial);
    samples.put(key, sample);
    requireTimers(window);
    if (window.maxTimestamp() <= timers.currentWatermark()) {
      emit(key, window, sample);
    }
  }

  private void requireTimers(TimeWindow window) {
    BitSet buckets = withTimers.computeIfAbsent(window, w -> new BitSet());
    int bucket = (Integer) getCurrentKey();
    if (!buckets.get(bucket)) {
      buckets.set(bucket);
      timers.registerEventTimeTimer(window, window.maxTimestamp());
      timers.registerEventTimeTimer(window, goneAt(window));
    }
  }

  @Override
  public void onEventTime(InternalTimer<Integer, TimeWindow> timer) throws Exception {
    TimeWindow window = timer.getNamespace();
    MapState<K, WindowSample> samples = samples(window);
    if (timer.getTimestamp() == window.maxTimestamp()) {
      for (Map.Entry<K, WindowSample> each : samples.entries()) {
        emit(each.getKey(), window, each.getValue());
      }
    }
    if (timer.getTimestamp() == goneAt(window)) {
      samples.clear();
      withTimers.computeIfPresent(window, (w, buckets) -> without(timer.getKey(), buckets));
    }
  }

  private static BitSet without(int bucket, BitSet buckets) {
    buckets.clear(bucket);
    return buckets.isEmpty() ? null : buckets;
  }

  @Override
  public void onProcessingTime(InternalTimer<Integer, TimeWindow> timer) {
    throw new IllegalStateException("windows have no timers in processing time");
  }

  private void emit(K key, TimeWindow window, WindowSample sample) {
    WindowEstimate estimate = WindowEstimate.of(window.getStart(), window.getEnd(), sample);
    output.collect(new StreamRecord<>(resultOf.of(key, estimate), window.maxTimestamp()));
  }

  private MapState<K, WindowSample> samples(TimeWindow window) throws Exception {
    return getPartitionedState(window, WINDOWS, samplesDescriptor);
  }

  /** When nothing more can come for a window, in event time. */
  private long goneAt(TimeWindow window) {
    long end = window.maxTimestamp();
    return end > Long.MAX_VALUE - latenessMillis ? Long.MAX_VALUE : end + latenessMillis;
  }
}
