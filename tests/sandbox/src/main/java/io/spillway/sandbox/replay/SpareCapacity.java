package io.spillway.sandbox.replay;

import java.time.Duration;

/**
 * Whether a live job has room for a replay. It has when for a while it has turned nothing away, its
 * queue is short, and it is offered clearly less than it can do; it has not as soon as one of these
 * is otherwise. Whoever had to stop a replay asks for a longer while before the next attempt, twice
 * as long each time. Pure: the clock is an argument. Not thread safe.
 */
public final class SpareCapacity {
  private static final double BUSY_ABOVE = 0.8;
  private static final double SHARE_OF_SPARE = 0.5;
  private static final double QUEUE_LIMIT_MILLIS = 500;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** What can be said of the room a job has. */
  public enum Room {
    /** It needs everything it has. */
    NONE,
    /** It had enough to spare in the last look, but not yet for long enough. */
    PERHAPS,
    /** It has had enough to spare for long enough. */
    ENOUGH
  }

  /**
   * What a job says of itself, over all its subtasks.
   *
   * @param offeredPerSecond events that arrive
   * @param capacityPerSecond events that its workers can do; NaN if it has not been busy yet
   * @param turnedAway events not admitted since it was started
   * @param queueDelayMillis how long the newest event has waited in Kafka
   */
  public record Load(
      double offeredPerSecond,
      double capacityPerSecond,
      double turnedAway,
      double queueDelayMillis) {

    private boolean isQueueing() {
      // The delay is that of the newest event: where none comes, it is history.
      return offeredPerSecond > 1 && queueDelayMillis > QUEUE_LIMIT_MILLIS;
    }

    /** A share of what it could do beyond what it does; 0 where that is not known. */
    public double spareRate() {
      return Double.isNaN(capacityPerSecond)
          ? 0
          : Math.max(1, SHARE_OF_SPARE * (capacityPerSecond - offeredPerSecond));
    }
  }

  private Duration howLong;
  private double lastTurnedAway = Double.NaN;
  private long quietSinceNanos;
  private boolean quiet;

  /**
   * @param howLong the room has to last before it counts, at first
   */
  public SpareCapacity(Duration howLong) {
    this.howLong = howLong;
  }

  /** Takes in what the job says now. */
  public Room look(long nowNanos, Load load) {
    boolean turnsAway = load.turnedAway() > lastTurnedAway;
    lastTurnedAway = load.turnedAway();
    boolean nearItsLimit = load.offeredPerSecond() > BUSY_ABOVE * load.capacityPerSecond();
    if (turnsAway || nearItsLimit || load.isQueueing()) {
      quiet = false;
      return Room.NONE;
    }
    if (!quiet) {
      quiet = true;
      quietSinceNanos = nowNanos;
    }
    return nowNanos - quietSinceNanos >= howLong.toNanos() ? Room.ENOUGH : Room.PERHAPS;
  }

  /** The job cannot be asked: whatever it needs, it is not known. */
  public void lookedInVain() {
    quiet = false;
  }

  /** A replay had to stop: the next one waits for longer. */
  public void backOff() {
    Duration twice = howLong.multipliedBy(2);
    howLong = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }

  /** How long the room has to last now. */
  public Duration howLong() {
    return howLong;
  }
}
