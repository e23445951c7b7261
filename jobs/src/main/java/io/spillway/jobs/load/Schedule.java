package io.spillway.jobs.load;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When each event of an open-loop load is due: event number (from 0) to nanoseconds since the start
 * of the schedule, and back. The answer depends on nothing else, so a generator that falls behind,
 * restarts or runs in several subtasks still means the same moment by the same number.
 *
 * <p>The load is a row of pieces whose rate is constant or changes linearly. The cumulated number
 * of events at the end of a piece is rounded to a whole number, the piece starts with an event at
 * its very beginning, and the event that is a fraction {@code f} of the piece's count is due where
 * the cumulated rate has reached that fraction: for rates {@code a} to {@code b} over a piece of
 * length 1 that is {@code x = 2c / (a + sqrt(a^2 + 2(b - a)c))} with {@code c = f(a + b)/2}, which
 * is {@code f} itself where {@code a = b}. A constant rate times a duration is therefore exactly
 * the number of events in it, and rounding never adds up.
 *
 * <p>Immutable, thread safe.
 */
public final class Schedule implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Piece[] pieces;
  private final long[] firstEvents;
  private final long[] startNanos;
  private final long events;
  private final long durationNanos;

  private Schedule(Piece[] pieces) {
    this.pieces = pieces;
    this.firstEvents = new long[pieces.length];
    this.startNanos = new long[pieces.length];
    long nanos = 0;
    long wholeEvents = 0;
    double exactEvents = 0;
    for (int i = 0; i < pieces.length; i++) {
      startNanos[i] = nanos;
      firstEvents[i] = wholeEvents;
      nanos = Math.addExact(nanos, pieces[i].nanos());
      exactEvents += pieces[i].exactEvents();
      wholeEvents = Math.max(wholeEvents, Math.round(exactEvents));
    }
    this.events = wholeEvents;
    this.durationNanos = nanos;
  }

  /** A schedule to which pieces are added in their order. */
  public static Builder builder() {
    return new Builder();
  }

  /** The number of events; they are numbered from 0. */
  public long events() {
    return events;
  }

  /** The length of the schedule, including time after the last event. */
  public Duration duration() {
    return Duration.ofNanos(durationNanos);
  }

  /** When this event is due, in nanoseconds since the start; never falls as the number grows. */
  public long dueNanos(long event) {
    if (event < 0 || event >= events) {
      throw new IndexOutOfBoundsException("event " + event + " of " + events);
    }
    int i = floorIndex(firstEvents, event);
    return startNanos[i] + dueWithin(i, event - firstEvents[i]);
  }

  /**
   * How many events are due at this time or before it: {@code dueNanos(n) <= nanos} for exactly the
   * events {@code n < dueBy(nanos)}.
   */
  public long dueBy(long nanos) {
    if (nanos < 0) {
      return 0;
    }
    if (nanos >= durationNanos) {
      return events;
    }
    int i = floorIndex(startNanos, nanos);
    long elapsed = nanos - startNanos[i];
    long count = count(i);
    long guess = (long) (pieces[i].reached((double) elapsed / pieces[i].nanos()) * count) + 1;
    long due = Math.min(Math.max(guess, 0), count);
    while (due > 0 && dueWithin(i, due - 1) > elapsed) {
      due--;
    }
    while (due < count && dueWithin(i, due) <= elapsed) {
      due++;
    }
    return firstEvents[i] + due;
  }

  private long dueWithin(int i, long event) {
    Piece piece = pieces[i];
    long due = (long) (piece.where((double) event / count(i)) * piece.nanos());
    return Math.min(due, piece.nanos() - 1);
  }

  private long count(int i) {
    return (i + 1 < pieces.length ? firstEvents[i + 1] : events) - firstEvents[i];
  }

  /** The last index whose value is not above the key, also where values repeat. */
  private static int floorIndex(long[] ascending, long key) {
    int low = 0;
    int high = ascending.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ascending[middle] <= key) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Collects the pieces of a schedule. Not thread safe. */
  public static final class Builder {
    private final List<Piece> pieces = new ArrayList<>();

    private Builder() {}

    /** A piece whose rate, in events per second, goes linearly from one value to another. */
    public Builder ramp(double fromPerSecond, double toPerSecond, Duration length) {
      if (!length.isZero()) {
        pieces.add(new Piece(fromPerSecond, toPerSecond, length.toNanos()));
      }
      return this;
    }

    /** A piece of constant rate, in events per second. */
    public Builder steady(double perSecond, Duration length) {
      return ramp(perSecond, perSecond, length);
    }

    /** The schedule of the pieces so far; without any it has no events. */
    public Schedule build() {
      return new Schedule(pieces.toArray(Piece[]::new));
    }
  }

  /** A stretch of time whose rate changes linearly. */
  private record Piece(double fromPerSecond, double toPerSecond, long nanos)
      implements Serializable {

    Piece {
      if (!(fromPerSecond >= 0) || !(toPerSecond >= 0) || nanos <= 0) {
        throw new IllegalArgumentException(
            "rates must not be negative and the length must be above 0: "
                + Arrays.asList(fromPerSecond, toPerSecond, nanos));
      }
    }

    double exactEvents() {
      return (fromPerSecond + toPerSecond) / 2 * (nanos / NANOS_PER_SECOND);
    }

    /** The fraction of the piece's length at which this fraction of its events has passed. */
    double where(double fractionOfEvents) {
      if (fromPerSecond == toPerSecond || fractionOfEvents == 0) {
        return fractionOfEvents;
      }
      double c = fractionOfEvents * (fromPerSecond + toPerSecond) / 2;
      double root = fromPerSecond * fromPerSecond + 2 * (toPerSecond - fromPerSecond) * c;
      return 2 * c / (fromPerSecond + Math.sqrt(Math.max(0, root)));
    }

    /** The fraction of the piece's events that has passed at this fraction of its length. */
    double reached(double fractionOfTime) {
      double sum = fromPerSecond + toPerSecond;
      return sum == 0
          ? 0
          : fractionOfTime
              * (2 * fromPerSecond + (toPerSecond - fromPerSecond) * fractionOfTime)
              / sum;
    }
  }
}
