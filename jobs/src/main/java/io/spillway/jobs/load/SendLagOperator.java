package io.spillway.jobs.load;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the schedule and the sink, in one chain with both, and notes when each event goes
 * past: a line per second in the log, all of it in the job's result as {@value #RESULT}.
 */
public final class SendLagOperator extends AbstractStreamOperator<Long>
    implements OneInputStreamOperator<Long, Long> {
  public static final String UID = "send-lag-v1";

  /** Name of the {@link SendLag} in the job's result. */
  public static final String RESULT = "send-lag";

  private static final long serialVersionUID = 1L;
  private static final Logger LOGGER = LoggerFactory.getLogger(SendLagOperator.class);
  private static final long PROGRESS_MILLIS = 1000;

  private transient SendLag total;
  private transient SendLag sinceProgress;

  /** The same events, measured as they pass. */
  public static SingleOutputStreamOperator<Long> attach(DataStream<Long> events) {
    return events.transform("measure send lag", events.getType(), new SendLagOperator()).uid(UID);
  }

  @Override
  public void open() throws Exception {
    super.open();
    total = new SendLag();
    sinceProgress = new SendLag();
    getProcessingTimeService()
        .scheduleAtFixedRate(now -> logProgress(), PROGRESS_MILLIS, PROGRESS_MILLIS);
  }

  @Override
  public void processElement(StreamRecord<Long> event) {
    sinceProgress.sent(event.getTimestamp(), getProcessingTimeService().getCurrentProcessingTime());
    output.collect(event);
  }

  @Override
  public void finish() throws Exception {
    logProgress();
    getRuntimeContext().addAccumulator(RESULT, total);
    LOGGER.info("subtask {} done: {}", subtask(), total.json());
    super.finish();
  }

  private void logProgress() {
    total.add(sinceProgress);
    LOGGER.info(
        "subtask {}: {} sent, {} in the last second, lag p99 {} ms, max {} ms",
        subtask(),
        total.count(),
        sinceProgress.count(),
        sinceProgress.p99Millis(),
        sinceProgress.maxMillis());
    sinceProgress.resetLocal();
  }

  private int subtask() {
    return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
  }
}
