package io.spillway.admission;

import io.spillway.policy.PolicyCoordinator;
import io.spillway.policy.PolicyFeed;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes an operator of admission, or of the quotas behind it, that its coordinator tells which
 * policy is in force.
 */
final class FollowingAdmission<IN> extends SimpleOperatorFactory<AdmittedEvent>
    implements OneInputStreamOperatorFactory<IN, AdmittedEvent>,
        CoordinatedOperatorFactory<AdmittedEvent> {
  private static final long serialVersionUID = 1L;

  private final OperatorEventHandler operator;
  private final PolicyFeed policies;
  private final AdmissionOptions own;
  private final boolean reports;

  /**
   * @param operator must be an {@link OperatorEventHandler} too
   * @param reports whether the operator writes the dead letters of refused policies
   */
  FollowingAdmission(
      OneInputStreamOperator<IN, AdmittedEvent> operator,
      PolicyFeed policies,
      AdmissionOptions own,
      boolean reports) {
    super(operator);
    this.operator = (OperatorEventHandler) operator;
    this.policies = policies;
    this.own = own;
    this.reports = reports;
  }

  @Override
  public <T extends StreamOperator<AdmittedEvent>> T createStreamOperator(
      StreamOperatorParameters<AdmittedEvent> parameters) {
    T created = super.createStreamOperator(parameters);
    parameters
        .getOperatorEventDispatcher()
        .registerEventHandler(parameters.getStreamConfig().getOperatorID(), operator);
    return created;
  }

  @Override
  public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID id) {
    return new PolicyCoordinator.Provider(id, policies, own, reports);
  }
}
