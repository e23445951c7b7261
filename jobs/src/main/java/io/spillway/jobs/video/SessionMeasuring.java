package io.spillway.jobs.video;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Turns a session into what it adds to the results of its way, at the time when it was over for
 * certain: that is after every watermark sent on so far, so no session is ever late for its window,
 * and a window is not corrected for each session that waited for stragglers. Stateless.
 */
final class SessionMeasuring extends AbstractStreamOperator<SessionMeasure>
    implements OneInputStreamOperator<PlaybackSession, SessionMeasure> {
  private static final long serialVersionUID = 1L;

  private final long waitMillis;

  /**
   * @param waitMillis how long after its end a session comes out
   */
  SessionMeasuring(long waitMillis) {
    this.waitMillis = waitMillis;
  }

  @Override
  public void processElement(StreamRecord<PlaybackSession> element) {
    PlaybackSession session = element.getValue();
    long overMillis = session.endMillis() - 1 + waitMillis;
    for (SessionMeasure measure : session.measures()) {
      output.collect(new StreamRecord<>(measure, overMillis));
    }
  }
}
