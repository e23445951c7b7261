package io.spillway.admission;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Hands everything on, on the express lane at once, and lets admission see how full the exchange
 * behind the stage is that it is chained to ({@link DownstreamBuffers}). No state.
 */
final class DownstreamFillOperator<T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T> {
  private static final long serialVersionUID = 1L;

  private final String lane;
  private transient LaneBuffers buffers;

  /**
   * @param lane the name of the lane
   */
  DownstreamFillOperator(String lane) {
    this.lane = lane;
  }

  @Override
  public void open() throws Exception {
    super.open();
    buffers = LaneBuffers.ofMainOutput(getContainingTask(), getUserCodeClassloader());
    DownstreamBuffers.add(getRuntimeContext().getJobInfo().getJobId(), lane, buffers);
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    output.collect(element);
    if (lane.equals(Lane.EXPRESS)) {
      buffers.sendNow();
    }
  }

  @Override
  public void close() throws Exception {
    if (buffers != null) {
      DownstreamBuffers.remove(getRuntimeContext().getJobInfo().getJobId(), lane, buffers);
    }
    super.close();
  }
}
