package io.spillway.enrichment;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A monotonic clock with alarms. Tests bring their own; safe for many threads. */
interface Delays extends AutoCloseable {
  /** Stops an alarm that has not rung yet. */
  interface Alarm {
    void cancel();
  }

  long nanoTime();

  /** Runs something short later, once. After {@link #close} it never runs. */
  Alarm after(long nanos, Runnable action);

  @Override
  void close();

  /** The machine's clock, and one thread for all alarms: waits occupy none. */
  final class OfTheMachine implements Delays {
    private final ScheduledThreadPoolExecutor alarms;

    OfTheMachine(String threadName) {
      alarms =
          new ScheduledThreadPoolExecutor(
              1,
              action -> {
                Thread thread = new Thread(action, threadName);
                thread.setDaemon(true);
                return thread;
              },
              new ScheduledThreadPoolExecutor.DiscardPolicy());
      alarms.setRemoveOnCancelPolicy(true);
      alarms.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Alarm after(long nanos, Runnable action) {
      var ringing = alarms.schedule(action, nanos, TimeUnit.NANOSECONDS);
      return () -> ringing.cancel(false);
    }

    @Override
    public void close() {
      alarms.shutdownNow();
    }
  }
}
