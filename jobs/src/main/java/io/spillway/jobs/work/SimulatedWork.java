package io.spillway.jobs.work;

import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands for the expensive part of processing an event, such as a call to a slow service: holds the
 * thread for a known time per event, waiting and not spinning, so that the capacity of a subtask is
 * {@code 1e6 / micros} events per second on every machine. Pacing is {@link WorkSchedule}'s. For
 * one task thread.
 */
public final class SimulatedWork implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long nanosPerEvent;
  private final Duration slowEvery;
  private final WorkSchedule schedule = new WorkSchedule();

  /**
   * @param micros microseconds per event; 0 for none
   * @param slowEvery length of the periods of the clock, counted from the epoch, in every second of
   *     which an event takes twice as long; zero for none
   */
  public SimulatedWork(long micros, Duration slowEvery) {
    if (micros < 0) {
      throw new IllegalArgumentException("micros must not be negative: " + micros);
    }
    this.nanosPerEvent = Math.multiplyExact(micros, 1000L);
    this.slowEvery = slowEvery;
  }

  /** Work that always takes the same. */
  public SimulatedWork(long micros) {
    this(micros, Duration.ZERO);
  }

  /** Whether an event takes twice as long at this time of the clock. */
  public static boolean isSlow(long epochMillis, Duration slowEvery) {
    return !slowEvery.isZero() && epochMillis / slowEvery.toMillis() % 2 == 1;
  }

  /**
   * Works on one event.
   *
   * @throws InterruptedException if the task was cancelled meanwhile
   */
  public void perform() throws InterruptedException {
    if (nanosPerEvent == 0) {
      return;
    }
    long now = System.nanoTime();
    schedule.begin(now, nanosNow());
    for (long left = schedule.remainingNanos(now); left > 0; ) {
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled during simulated work");
      }
      now = System.nanoTime();
      left = schedule.remainingNanos(now);
    }
    schedule.end(now);
  }

  private long nanosNow() {
    return isSlow(System.currentTimeMillis(), slowEvery) ? 2 * nanosPerEvent : nanosPerEvent;
  }
}
