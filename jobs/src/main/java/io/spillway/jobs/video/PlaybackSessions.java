package io.spillway.jobs.video;

import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The sessions of every viewer, in Flink's window operator with {@link SessionSpans}: one {@link
 * SessionFigures} of state for an open session, deleted when it comes out. A session comes out
 * once, {@code wait} after its end. What comes later than that is counted by Flink ({@code
 * numLateRecordsDropped}) and dropped; the job sees to it that such an event is late in the windows
 * of events before it, and on the dead letters for that.
 *
 * @param gap time without an event that ends a session
 * @param longest time from its first to its last event after which it is cut
 * @param lateness that windows of events allow
 * @param windowSize their length
 */
public record PlaybackSessions(
    Duration gap, Duration longest, Duration lateness, Duration windowSize) {
  public static final String UID = "sessions-v1";
  public static final String NAME = "sessions";
  public static final String MEASURES_UID = "session-measures-v1";
  public static final String MEASURES_NAME = "session measures";

  /**
   * How long after its end a session waits: so long that an event that is too late for it is too
   * late for its window as well.
   */
  long waitMillis() {
    return lateness.toMillis() + Math.max(0, windowSize.toMillis() - gap.toMillis());
  }

  /** Attaches them. */
  public SingleOutputStreamOperator<PlaybackSession> attach(DataStream<PlaybackPoint> points) {
    TypeInformation<SessionFigures> figures = TypeInformation.of(SessionFigures.class);
    return points
        .keyBy(PlaybackPoint::viewer, Types.STRING)
        .window(new SessionSpans(gap.toMillis(), longest.toMillis(), waitMillis()))
        .allowedLateness(Duration.ofMillis(waitMillis()))
        .aggregate(
            new Summing(),
            new Ending(),
            figures,
            figures,
            TypeInformation.of(PlaybackSession.class))
        .uid(UID)
        .name(NAME);
  }

  /** Attaches what sessions add to the results of their way. */
  public SingleOutputStreamOperator<SessionMeasure> measures(
      SingleOutputStreamOperator<PlaybackSession> sessions) {
    return sessions
        .transform(
            MEASURES_NAME,
            TypeInformation.of(SessionMeasure.class),
            new SessionMeasuring(waitMillis()))
        .uid(MEASURES_UID)
        .setParallelism(sessions.getParallelism());
  }

  private static final class Summing
      implements AggregateFunction<PlaybackPoint, SessionFigures, SessionFigures> {
    private static final long serialVersionUID = 1L;

    @Override
    public SessionFigures createAccumulator() {
      return new SessionFigures();
    }

    @Override
    public SessionFigures add(PlaybackPoint point, SessionFigures figures) {
      return figures.with(point);
    }

    @Override
    public SessionFigures getResult(SessionFigures figures) {
      return figures;
    }

    @Override
    public SessionFigures merge(SessionFigures one, SessionFigures other) {
      return one.mergedWith(other);
    }
  }

  private static final class Ending
      extends ProcessWindowFunction<SessionFigures, PlaybackSession, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void process(
        String viewer,
        Context context,
        Iterable<SessionFigures> figures,
        Collector<PlaybackSession> out) {
      out.collect(figures.iterator().next().session(context.window().getEnd()));
    }
  }
}
