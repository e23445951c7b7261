package io.spillway.admission;

import io.spillway.policy.PolicyCoordinator;
import io.spillway.policy.PolicyFeed;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.SimpleUdfStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * Makes the operator where two lanes meet, and calls it by a class that Flink's check for
 * selectable inputs does not know: {@link LaneProcessOperator} says why it may.
 */
class LaneStageFactory<IN, OUT> extends SimpleUdfStreamOperatorFactory<OUT>
    implements TwoInputStreamOperatorFactory<IN, IN, OUT> {

  private static final long serialVersionUID = 1L;

  LaneStageFactory(AbstractUdfStreamOperator<OUT, ?> operator) {
    super(operator);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return AbstractUdfStreamOperator.class;
  }

  /** The same for a stage that follows policies. */
  static final class Following<IN, OUT> extends LaneStageFactory<IN, OUT>
      implements CoordinatedOperatorFactory<OUT> {
    private static final long serialVersionUID = 1L;

    private final PolicyFeed policies;
    private final AdmissionOptions own;

    /**
     * @param operator must be an {@link OperatorEventHandler} too
     */
    Following(
        AbstractUdfStreamOperator<OUT, ?> operator, PolicyFeed policies, AdmissionOptions own) {
      super(operator);
      this.policies = policies;
      this.own = own;
    }

    @Override
    public <T extends StreamOperator<OUT>> T createStreamOperator(
        StreamOperatorParameters<OUT> parameters) {
      T operator = super.createStreamOperator(parameters);
      parameters
          .getOperatorEventDispatcher()
          .registerEventHandler(
              parameters.getStreamConfig().getOperatorID(), (OperatorEventHandler) operator);
      return operator;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID operator) {
      return new PolicyCoordinator.Provider(operator, policies, own, false);
    }
  }
}
