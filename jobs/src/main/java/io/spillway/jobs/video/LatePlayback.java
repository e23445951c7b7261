package io.spillway.jobs.video;

import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.OutputTag;

/** Turns an event that came after its window was gone into a dead letter, as it was read. */
public final class LatePlayback extends RichMapFunction<PlaybackEvent, DeadLetter> {
  public static final String UID = "late-playback-v1";
  public static final String NAME = "late playback events";

  /** Where the windows put events that are too late for them. */
  public static final OutputTag<PlaybackEvent> TAG =
      new OutputTag<>(NAME, TypeInformation.of(PlaybackEvent.class));

  /** The same of measures of sessions, of which none ever is. */
  public static final OutputTag<SessionMeasure> NEVER =
      new OutputTag<>("late sessions", TypeInformation.of(SessionMeasure.class));

  private static final long serialVersionUID = 1L;

  private transient Counter late;

  @Override
  public void open(OpenContext context) {
    late =
        new SpillwayMetrics(getRuntimeContext().getMetricGroup())
            .deadLetters(DeadLetter.Reason.LATE);
  }

  @Override
  public DeadLetter map(PlaybackEvent event) {
    late.inc();
    return new DeadLetter(
        event.event().raw(),
        DeadLetter.Reason.LATE,
        "the window of " + Instant.ofEpochMilli(event.point().timeMillis()) + " is closed");
  }
}
