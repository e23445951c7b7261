package io.spillway.admission;

import io.spillway.policy.Policy;
import io.spillway.policy.PolicyEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Where two lanes meet by key: one keyed function, with its state and timers, behind two inputs,
 * the express lane on the first. Takes turns as {@link LaneProcessOperator} does, so the state of a
 * key is in one place and an express event still waits for at most the one event begun before it.
 * State and timers are Flink's own of a {@link KeyedProcessFunction}: a savepoint restores where
 * the same function stands behind a single lane.
 */
final class KeyedLaneOperator<K, IN, OUT> extends KeyedProcessOperator<K, IN, OUT>
    implements TwoInputStreamOperator<IN, IN, OUT>, InputSelectable, OperatorEventHandler {

  private static final long serialVersionUID = 1L;

  private final AdmissionOptions options;
  private final Policy first;
  private transient LaneTurns turns;
  private transient LaneBuffersArrived express;

  /**
   * @param options of admission: what is left to the bulk lane when both are full
   * @param first the policy to begin with
   */
  KeyedLaneOperator(
      KeyedProcessFunction<K, IN, OUT> function, AdmissionOptions options, Policy first) {
    super(function);
    this.options = options;
    this.first = first;
  }

  @Override
  public void open() throws Exception {
    super.open();
    express = LaneBuffersArrived.onFirstInput(getContainingTask(), getUserCodeClassloader());
    follow(first);
  }

  @Override
  public void processElement1(StreamRecord<IN> element) throws Exception {
    turns.servedExpress();
    processElement(element);
  }

  @Override
  public void processElement2(StreamRecord<IN> element) throws Exception {
    turns.servedBulk();
    processElement(element);
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
}
