package io.spillway.jobs.video;

import io.spillway.admission.AdmittedEvent;
import io.spillway.event.EventAttributes;
import io.spillway.jobs.work.BadPayload;
import io.spillway.jobs.work.JsonFields;
import java.util.List;

/**
 * Reads the payload of an event of a player: a JSON object (RFC 8259) with the texts {@code
 * viewer}, {@code cdn} and {@code isp}, and whole numbers: {@code positionMillis}; {@code
 * bitrateKbps} of a heartbeat; {@code startupMillis} of a start; {@code rebufferMillis} of a
 * rebuffer. Other fields are skipped. Thread safe.
 */
public final class PlaybackPayload {
  private static final String VIEWER = "viewer";
  private static final String CDN = "cdn";
  private static final String ISP = "isp";
  private static final String POSITION = "positionMillis";
  private static final String BITRATE = "bitrateKbps";
  private static final String STARTUP = "startupMillis";
  private static final String REBUFFER = "rebufferMillis";
  private static final List<String> FIELDS =
      List.of(VIEWER, CDN, ISP, POSITION, BITRATE, STARTUP, REBUFFER);

  /** A year in milliseconds; no figure of a playback is as large, and no sum of them overflows. */
  private static final long MOST = 365L * 24 * 3_600_000;

  private static final long MISSING = Long.MIN_VALUE;

  private PlaybackPayload() {}

  /**
   * What this JSON text says, which came in this event.
   *
   * @param unitHash which unit of the sample the event belongs to
   */
  public static PlaybackEvent read(
      AdmittedEvent event, EventAttributes attributes, long unitHash, byte[] json)
      throws BadPayload {
    PlaybackKind kind = PlaybackKind.ofType(attributes.type());
    if (kind == null) {
      throw new BadPayload("ce_type '" + attributes.type() + "' is not that of a player's event");
    }
    JsonFields fields = JsonFields.read(json, FIELDS);
    Route route = new Route(fields.text(CDN), fields.text(ISP));
    PlaybackPoint point =
        new PlaybackPoint(
            kind,
            fields.text(VIEWER),
            route,
            event.eventTimeMillis(),
            figure(fields, POSITION, false),
            kind == PlaybackKind.HEARTBEAT ? figure(fields, BITRATE, true) : PlaybackPoint.NONE,
            kind == PlaybackKind.START ? figure(fields, STARTUP, true) : PlaybackPoint.NONE,
            kind == PlaybackKind.REBUFFER ? figure(fields, REBUFFER, true) : 0,
            event.weight(),
            attributes.sampledRate(),
            unitHash);
    return new PlaybackEvent(event, point, route.equals(Route.of(attributes)));
  }

  private static long figure(JsonFields fields, String name, boolean required) throws BadPayload {
    long value = fields.integerOr(name, MISSING);
    if (value == MISSING && required) {
      throw new BadPayload("field '" + name + "' is missing");
    }
    if (value == MISSING) {
      return PlaybackPoint.NONE;
    }
    if (value < 0 || value > MOST) {
      throw new BadPayload("field '" + name + "' is not between 0 and " + MOST + ": " + value);
    }
    return value;
  }
}
