package io.spillway.jobs.video;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.BadPayload;
import io.spillway.jobs.work.EventWork;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.OutputTag;

/**
 * Decodes events of players. A failed start goes out at once. What sessions are made of goes out
 * without the bytes of the event, so that the shuffle by viewer carries no more than it must.
 */
public final class PlaybackDecoding implements EventWork<PlaybackEvent> {
  /** Without lane and version: those are added where it is attached. */
  public static final String UID = "decode-playback";

  public static final String NAME = "decode playback events";

  public static final OutputTag<StartFailure> ALERTS =
      new OutputTag<>("start failures", TypeInformation.of(StartFailure.class));

  /** What sessions are made of. */
  public static final OutputTag<PlaybackPoint> POINTS =
      new OutputTag<>("playback points", TypeInformation.of(PlaybackPoint.class));

  private static final long serialVersionUID = 1L;

  @Override
  public PlaybackEvent read(
      AdmittedEvent event, EventAttributes attributes, long unitHash, byte[] payload)
      throws BadPayload {
    return PlaybackPayload.read(event, attributes, unitHash, payload);
  }

  @Override
  public void beside(
      PlaybackEvent playback,
      EventAttributes attributes,
      ProcessFunction<AdmittedEvent, PlaybackEvent>.Context context) {
    if (playback.point().kind() == PlaybackKind.START_FAILURE) {
      context.output(ALERTS, StartFailure.of(playback, attributes));
    }
    if (playback.point().kind() != PlaybackKind.DEBUG) {
      context.output(POINTS, playback.point());
    }
  }
}
