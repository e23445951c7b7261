package io.spillway.admission;

import io.spillway.policy.Policy;
import io.spillway.policy.PolicyEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
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
 * nothing to read, so {@link LaneStageFactory} does not tell.
 */
final class LaneProcessOperator<OUT>
    extends AbstractUdfStreamOperator<OUT, ProcessFunction<AdmittedEvent, OUT>>
    implements TwoInputStreamOperator<AdmittedEvent, AdmittedEvent, OUT>,
        InputSelectable,
        OperatorEventHandler {

  private static final long serialVersionUID = 1L;

  private final AdmissionOptions options;
  private final Policy first;
  private transient LaneTurns turns;
  private transient LaneBuffersArrived express;
  private transient TimestampedCollector<OUT> collector;
  private transient RecordContext context;

  /**
   * @param options of admission: what is left to the bulk lane when both are full
   * @param first the policy to begin with
   */
  LaneProcessOperator(
      ProcessFunction<AdmittedEvent, OUT> function, AdmissionOptions options, Policy first) {
    super(function);
    this.options = options;
    this.first = first;
  }

  @Override
  public void open() throws Exception {
    super.open();
    express = LaneBuffersArrived.onFirstInput(getContainingTask(), getUserCodeClassloader());
    follow(first);
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
    return turns.next(express.any());
  }

  /** Called in the task's thread, between two events. */
  @Override
  public void handleOperatorEvent(OperatorEvent event) {
    if (event instanceof PolicyEvent.Changed changed) {
      follow(changed.policy());
    }
  }

  private void follow(Policy policy) {
    turns = LaneTurns.leavingBulk(options.with(policy.settings()).bulkShare());
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
