package io.spillway.admission;

import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Where two lanes meet again: one function behind two inputs. Flink takes records from available
 * inputs in turn, so an event of the express lane waits for at most one of the bulk lane, and no
 * worker idles while either lane has work. A union would not do: it merges the lanes in one gate,
 * which hands over whole buffers in the order they came.
 */
final class LaneProcessOperator<OUT>
    extends AbstractUdfStreamOperator<OUT, ProcessFunction<AdmittedEvent, OUT>>
    implements TwoInputStreamOperator<AdmittedEvent, AdmittedEvent, OUT> {

  private static final long serialVersionUID = 1L;

  private transient TimestampedCollector<OUT> collector;
  private transient RecordContext context;

  LaneProcessOperator(ProcessFunction<AdmittedEvent, OUT> function) {
    super(function);
  }

  @Override
  public void open() throws Exception {
    super.open();
    collector = new TimestampedCollector<>(output);
    context = new RecordContext(userFunction);
  }

  @Override
  public void processElement1(StreamRecord<AdmittedEvent> element) throws Exception {
    process(element);
  }

  @Override
  public void processElement2(StreamRecord<AdmittedEvent> element) throws Exception {
    process(element);
  }

  private void process(StreamRecord<AdmittedEvent> element) throws Exception {
    collector.setTimestamp(element);
    context.element = element;
    userFunction.processElement(element.getValue(), context, collector);
    context.element = null;
  }

  private final class RecordContext extends ProcessFunction<AdmittedEvent, OUT>.Context {
    private StreamRecord<AdmittedEvent> element;

    RecordContext(ProcessFunction<AdmittedEvent, OUT> function) {
      function.super();
    }

    @Override
    public Long timestamp() {
      return element.hasTimestamp() ? element.getTimestamp() : null;
    }

    @Override
    public TimerService timerService() {
      throw new UnsupportedOperationException(
          "a function on the lanes has no timers; set them in a keyed function behind it");
    }

    @Override
    public <X> void output(OutputTag<X> tag, X value) {
      output.collect(
          tag,
          element.hasTimestamp()
              ? new StreamRecord<>(value, element.getTimestamp())
              : new StreamRecord<>(value));
    }
  }
}
