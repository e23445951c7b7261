package io.spillway.jobs.video;

import java.util.Arrays;

/**
 * What is known of a session while it is open: sums and bounds, whatever the number of its events,
 * and the same whatever the order they come in (but for what {@link BitrateChanges} says). Debug
 * events are no part of it.
 *
 * <p>It keeps three weights, because the events of one session may have had different chances. A
 * figure of a session is in the sample if and only if the event that carries it was kept: a failed
 * start with the start failure, a start and its time with the start, a rebuffer ratio with the
 * heartbeats. Rebuffers, which are more important and so kept more often, never bring a session
 * into the sample on their own; sessions of which only rebuffers were kept would all seem to stand
 * still.
 *
 * <p>Mutable, owned by one thread; a POJO of Flink's, so that it can be state.
 */
public final class SessionFigures {
  static final int MOST_HELD = 256;

  private static final long NONE = PlaybackPoint.NONE;

  public String viewer = "";
  public long unitHash;

  /** Of the earliest event. */
  public long firstMillis = Long.MAX_VALUE;

  public String cdn = "";
  public String isp = "";
  public long lastMillis = Long.MIN_VALUE;

  /** Of the earliest start; weight 0 where there is none. */
  public long startMillis = Long.MAX_VALUE;

  public long startupMillis = NONE;
  public double startWeight;
  public double startRate;

  /** Of the earliest start failure; weight 0 where there is none. */
  public long failureMillis = Long.MAX_VALUE;

  public double failureWeight;
  public double failureRate;

  /**
   * The smallest of events that show playback: the chance of any of them to be kept. The one with
   * the largest chance is kept whenever another is, so it is always seen.
   */
  public double playWeight;

  public double playRate;

  public long lowestPosition = Long.MAX_VALUE;
  public long highestPosition = Long.MIN_VALUE;
  public long rebufferMillis;
  public long rebuffers;

  /**
   * Where and for how long the video stood still: whether that lies between events that show
   * playback is known only at the end. At most {@value #MOST_HELD}; more are held as {@link
   * #anywhereMillis}.
   */
  public long[] stoodAt = {};

  public long[] stoodMillis = {};

  /** Of rebuffers whose position is not known, or no longer. */
  public long anywhereMillis;

  public long heartbeats;
  public double bitrateSum;
  public BitrateChanges bitrates = new BitrateChanges();

  /** Takes in one moment. */
  SessionFigures with(PlaybackPoint point) {
    SessionFigures one = new SessionFigures();
    one.viewer = point.viewer();
    one.unitHash = point.unitHash();
    one.firstMillis = point.timeMillis();
    one.lastMillis = point.timeMillis();
    one.cdn = point.route().cdn();
    one.isp = point.route().isp();
    if (point.kind() == PlaybackKind.START) {
      one.startMillis = point.timeMillis();
      one.startupMillis = point.startupMillis();
      one.startWeight = point.weight();
      one.startRate = point.sampledRate();
    }
    if (point.kind() == PlaybackKind.START_FAILURE) {
      one.failureMillis = point.timeMillis();
      one.failureWeight = point.weight();
      one.failureRate = point.sampledRate();
    }
    if (point.kind().showsPlayback()) {
      one.playWeight = point.weight();
      one.playRate = point.sampledRate();
    }
    if (point.positionMillis() != NONE && point.kind().showsPlayback()) {
      one.lowestPosition = point.positionMillis();
      one.highestPosition = point.positionMillis();
    }
    if (point.kind() == PlaybackKind.REBUFFER) {
      one.rebuffers = 1;
      one.rebufferMillis = point.rebufferMillis();
      one.stoodAt = new long[] {point.positionMillis()};
      one.stoodMillis = new long[] {point.rebufferMillis()};
    }
    if (point.bitrateKbps() != NONE) {
      one.heartbeats = 1;
      one.bitrateSum = point.bitrateKbps();
      one.bitrates.add(point.timeMillis(), point.bitrateKbps());
    }
    return mergedWith(one);
  }

  /** This one, with another part of the same session; the other is not to be used after it. */
  SessionFigures mergedWith(SessionFigures other) {
    if (other.isEmpty()) {
      return this;
    }
    viewer = other.viewer;
    unitHash = other.unitHash;
    if (other.isBefore(this)) {
      cdn = other.cdn;
      isp = other.isp;
    }
    firstMillis = Math.min(firstMillis, other.firstMillis);
    lastMillis = Math.max(lastMillis, other.lastMillis);
    if (comesFirst(
        other.startMillis,
        other.startupMillis,
        other.startWeight,
        startMillis,
        startupMillis,
        startWeight)) {
      startMillis = other.startMillis;
      startupMillis = other.startupMillis;
      startWeight = other.startWeight;
      startRate = other.startRate;
    }
    if (comesFirst(other.failureMillis, 0, other.failureWeight, failureMillis, 0, failureWeight)) {
      failureMillis = other.failureMillis;
      failureWeight = other.failureWeight;
      failureRate = other.failureRate;
    }
    if (comesFirst(0, 0, other.playWeight, 0, 0, playWeight)) {
      playWeight = other.playWeight;
      playRate = other.playRate;
    }
    lowestPosition = Math.min(lowestPosition, other.lowestPosition);
    highestPosition = Math.max(highestPosition, other.highestPosition);
    rebufferMillis += other.rebufferMillis;
    rebuffers += other.rebuffers;
    anywhereMillis += other.anywhereMillis;
    for (int i = 0; i < other.stoodAt.length; i++) {
      stoodStill(other.stoodAt[i], other.stoodMillis[i]);
    }
    heartbeats += other.heartbeats;
    bitrateSum += other.bitrateSum;
    bitrates = bitrates.mergedWith(other.bitrates);
    return this;
  }

  private void stoodStill(long position, long millis) {
    if (position == NONE || stoodAt.length == MOST_HELD) {
      anywhereMillis += millis;
      return;
    }
    stoodAt = Arrays.copyOf(stoodAt, stoodAt.length + 1);
    stoodMillis = Arrays.copyOf(stoodMillis, stoodAt.length);
    stoodAt[stoodAt.length - 1] = position;
    stoodMillis[stoodAt.length - 1] = millis;
  }

  /** While it was seen to play: what lies outside may be of a time whose heartbeats were shed. */
  private long stoodStillInPlay() {
    long sum = anywhereMillis;
    for (int i = 0; i < stoodAt.length; i++) {
      sum += lowestPosition <= stoodAt[i] && stoodAt[i] <= highestPosition ? stoodMillis[i] : 0;
    }
    return sum;
  }

  private boolean isEmpty() {
    return lastMillis == Long.MIN_VALUE;
  }

  /** By time, then by route, so that the order of arrival does not matter. */
  private boolean isBefore(SessionFigures other) {
    return firstMillis != other.firstMillis
        ? firstMillis < other.firstMillis
        : new Route(cdn, isp).compareTo(new Route(other.cdn, other.isp)) < 0;
  }

  private static boolean comesFirst(
      long millis, long detail, double weight, long otherMillis, long otherDetail, double other) {
    if (weight == 0 || other == 0) {
      return weight > 0;
    }
    if (millis != otherMillis) {
      return millis < otherMillis;
    }
    return detail != otherDetail ? detail < otherDetail : weight < other;
  }

  /** The session as it is now. */
  PlaybackSession session(long endMillis) {
    boolean moved = highestPosition > lowestPosition;
    return new PlaybackSession(
        viewer,
        cdn,
        isp,
        firstMillis,
        lastMillis,
        endMillis,
        startupMillis,
        failureWeight > 0,
        moved ? highestPosition - lowestPosition : 0,
        rebufferMillis,
        stoodStillInPlay(),
        rebuffers,
        heartbeats,
        heartbeats == 0 ? Double.NaN : bitrateSum / heartbeats,
        bitrates.changes(),
        new PlaybackSession.Weight(startWeight, startRate),
        new PlaybackSession.Weight(failureWeight, failureRate),
        new PlaybackSession.Weight(playWeight, playRate),
        unitHash);
  }
}
