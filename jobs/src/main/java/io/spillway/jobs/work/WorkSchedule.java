package io.spillway.jobs.work;

import java.io.Serializable;

/**
 * When a worker that needs a known time for each event is done with the next one, on a schedule
 * without drift: a wait that took too long (timers overshoot by 50 us and more) shortens the next
 * ones, so a worker that is never idle does exactly {@code 1e9 / nanosPerEvent} events per second,
 * and one that is idle now and then never does more.
 *
 * <p>A gap between two events of up to half an event's time counts as the worker's own overhead
 * (decoding, emitting) and is part of the work. A longer one was idleness and moves the schedule on
 * by as much. A gap of more than {@value #MAX_CATCH_UP_NANOS} ns starts the schedule afresh, and no
 * more overshoot than that is made up, so a suspended process does not wake into a burst. Times are
 * readings of one monotonic clock in nanoseconds, and arguments. Not thread safe.
 */
final class WorkSchedule implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long MAX_CATCH_UP_NANOS = 100_000_000L;

  private boolean started;
  private long dueNanos;
  private long lastEndNanos;

  /**
   * Starts on an event; it is done at {@link #remainingNanos} = 0.
   *
   * @param nanosPerEvent how long an event takes now
   */
  void begin(long nowNanos, long nanosPerEvent) {
    long gap = nowNanos - lastEndNanos;
    if (!started || gap > MAX_CATCH_UP_NANOS) {
      dueNanos = nowNanos;
    } else {
      long idle = gap > nanosPerEvent / 2 ? gap : 0;
      dueNanos = nowNanos + Math.max(dueNanos + idle - nowNanos, -MAX_CATCH_UP_NANOS);
    }
    started = true;
    dueNanos += nanosPerEvent;
  }

  /** How long the event begun last still takes; 0 or less when it is done. */
  long remainingNanos(long nowNanos) {
    return dueNanos - nowNanos;
  }

  /** Says that the worker turned away from the event begun last. */
  void end(long nowNanos) {
    lastEndNanos = nowNanos;
  }
}
