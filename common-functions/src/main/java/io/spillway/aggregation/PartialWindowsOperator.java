package io.spillway.aggregation;

import io.spillway.event.OpenSpans;
import io.spillway.metrics.SpillwayMetrics;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Sums up events per key and window in the task that processed them, so that the shuffle and the
 * state behind it see one partial result where there were many events: a hot key costs no more than
 * any other.
 *
 * <p>Keeps no state: what it holds leaves before the watermark that ends its window (of a session:
 * before the watermark comes to its first event, as a session may end that this is part of), before
 * the barrier of every checkpoint, when it is old, and all at once when there is no room for more.
 * An event whose last window was gone before it came is late and goes to the side output. Sessions
 * are merged behind the shuffle, so here an event is late on its own: by more than gap and
 * lateness, even if its session still goes on.
 */
final class PartialWindowsOperator<K, T extends Measured>
    extends AbstractStreamOperator<Tuple3<K, TimeWindow, WindowSample>>
    implements OneInputStreamOperator<T, Tuple3<K, TimeWindow, WindowSample>> {

  private static final long serialVersionUID = 1L;

  private final WindowOptions options;
  private final KeySelector<T, K> key;
  private final OutputTag<T> late;

  private transient OpenSpans<K, WindowSample> open;
  private transient long reachMillis;
  private transient long watermark;
  private transient Counter overflows;

  PartialWindowsOperator(WindowOptions options, KeySelector<T, K> key, OutputTag<T> late) {
    this.options = options;
    this.key = key;
    this.late = late;
  }

  @Override
  public void open() throws Exception {
    super.open();
    open = new OpenSpans<>(options.spans(), WindowSample::new, WindowSample::mergedWith);
    reachMillis = options.reachMillis() + options.lateness().toMillis();
    watermark = Long.MIN_VALUE;
    overflows = new SpillwayMetrics(getMetricGroup()).partialsOverflowed();
    long age = options.maxPartialAge().toMillis();
    getProcessingTimeService().scheduleWithFixedDelay(t -> open.closeAll(this::emit), age, age);
  }

  @Override
  public void processElement(StreamRecord<T> element) throws Exception {
    T event = element.getValue();
    long time = element.getTimestamp();
    if (options.spans().from(time) + reachMillis - 1 <= watermark) {
      output.collect(late, element);
      return;
    }
    open.at(key.getKey(event), time).add(event);
    if (open.size() > options.maxPartials()) {
      overflows.inc();
      open.closeAll(this::emit);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermark = mark.getTimestamp();
    open.close(watermark, this::emit);
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    open.closeAll(this::emit);
  }

  @Override
  public void finish() throws Exception {
    open.closeAll(this::emit);
    super.finish();
  }

  private void emit(K ofKey, long from, long to, WindowSample sample) {
    output.collect(
        new StreamRecord<>(new Tuple3<>(ofKey, new TimeWindow(from, to), sample), to - 1));
  }
}
