package io.spillway.output;

import io.spillway.event.RawEvent;
import java.io.Serial;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;

/**
 * Flink's operator for asynchronous requests, but one whose task takes checkpoints while it waits
 * for room. Flink's own lets only its own mail through in the middle of an event, so while as many
 * requests are under way as may be, and none of them comes back, no checkpoint completes: for as
 * long as a target is gone, in the end until the job fails for it. This one lets through every mail
 * of the task.
 *
 * <p>The event that waits for room is then in no state of the operator. It is not lost: it has come
 * straight from a source in the same task, which notes an event as read when it has been taken, so
 * the checkpoint begins with it. The operator must be chained to such a source.
 */
final class WaitingFactory extends AsyncWaitOperatorFactory<RawEvent, HandedOver> {
  @Serial private static final long serialVersionUID = 1L;
  private static final long FOR_EVER = 0;

  WaitingFactory(CircuitBrokenOutput output, int inFlight) {
    super(output, FOR_EVER, inFlight, OutputMode.UNORDERED);
  }

  @Override
  public <T extends StreamOperator<HandedOver>> T createStreamOperator(
      StreamOperatorParameters<HandedOver> parameters) {
    setMailboxExecutor(
        parameters
            .getContainingTask()
            .getMailboxExecutorFactory()
            .createExecutor(TaskMailbox.MIN_PRIORITY));
    return super.createStreamOperator(parameters);
  }
}
