package io.spillway.jobs.work;

import java.io.Serializable;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands for the expensive part of processing an event, such as a call to a slow service: holds the
 * thread for a fixed time per event, waiting and not spinning, so that the capacity of a subtask is
 * {@code 1e6 / micros} events per second on every machine. Pacing is {@link WorkSchedule}'s. For
 * one task thread.
 */
public final class SimulatedWork implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long nanosPerEvent;
  private final WorkSchedule schedule;

  /**
   * @param micros microseconds per event; 0 for none
   */
  public SimulatedWork(long micros) {
    this.nanosPerEvent = Math.multiplyExact(micros, 1000L);
    this.schedule = new WorkSchedule(nanosPerEvent);
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
    schedule.begin(now);
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
}
