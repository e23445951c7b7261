package io.spillway.jobs.video;

/**
 * One moment of a playback, without the bytes it came in: what a session is made of.
 *
 * @param timeMillis event time, in milliseconds since the epoch
 * @param positionMillis where in the video; {@link #NONE} where the event does not say
 * @param bitrateKbps of a heartbeat, else {@link #NONE}
 * @param startupMillis of a start: from the request to the first picture; else {@link #NONE}
 * @param rebufferMillis of a rebuffer: how long it stood still; else 0
 * @param weight how many events it stands for
 * @param sampledRate how many of them when it came in
 * @param unitHash which unit of the sample it belongs to, see {@link
 *     io.spillway.admission.UnitHash}
 */
public record PlaybackPoint(
    PlaybackKind kind,
    String viewer,
    Route route,
    long timeMillis,
    long positionMillis,
    long bitrateKbps,
    long startupMillis,
    long rebufferMillis,
    double weight,
    double sampledRate,
    long unitHash) {
  /** For a figure that there is not. */
  public static final long NONE = -1;
}
