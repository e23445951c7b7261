package io.spillway.admission;

import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.SimpleUdfStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Where two lanes meet again: one function behind two inputs, the express lane on the first. As
 * long as express has events they are taken first ({@link LaneTurns}), so an event of it waits for
 * the one event that a worker has begun, and no worker idles while either lane has work. A union
 * would not do: it merges the lanes in one gate, which hands over whole buffers in the order they
 * came.
 *
 * <p>Flink refuses checkpoints for an {@link InputSelectable}, because one that insists on an input
 * whose barrier has come waits for it forever. {@link LaneTurns} never insists on an input that has
 * nothing to read, so {@link Factory} does not tell.
 */
final class LaneProcessOperator<OUT>
    extends AbstractUdfStreamOperator<OUT, ProcessFunction<AdmittedEvent, OUT>>
    implements TwoInputStreamOperator<AdmittedEvent, AdmittedEvent, OUT>, InputSelectable {

  private static final long serialVersionUID = 1L;

  private final double bulkShare;
  private transient LaneTurns turns;
  private transient TimestampedCollector<OUT> collector;
  private transient RecordContext context;

  /**
   * @param bulkShare what is left to the bulk lane when both are full, 0 to 1
   */
  LaneProcessOperator(ProcessFunction<AdmittedEvent, OUT> function, double bulkShare) {
    super(function);
    this.bulkShare = bulkShare;
  }

  @Override
  public void open() throws Exception {
    super.open();
    turns = LaneTurns.leavingBulk(bulkShare);
    collector = new TimestampedCollector<>(output);
    context = new RecordContext(userFunction);
  }

  @Override
  public void processElement1(StreamRecord<AdmittedEvent> element) throws Exception {
    turns.servedExpress();
    process(element);
  }

  @Override
  public void processElement2(StreamRecord<AdmittedEvent> element) throws Exception {
    turns.servedBulk();
    process(element);
  }

  @Override
  public InputSelection nextSelection() {
    return turns.next();
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

  /** Makes the operator, and calls it by the class that Flink's check does not know. */
  static final class Factory<OUT> extends SimpleUdfStreamOperatorFactory<OUT>
      implements TwoInputStreamOperatorFactory<AdmittedEvent, AdmittedEvent, OUT> {

    private static final long serialVersionUID = 1L;

    Factory(LaneProcessOperator<OUT> operator) {
      super(operator);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
      return AbstractUdfStreamOperator.class;
    }
  }
}
