package io.spillway.enrichment;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that goes on when told, and rings what is due on the way. */
final class HandDelays implements Delays {
  private record Due(long at, long order, Runnable action) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private long now;
  private long order;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Alarm after(long nanos, Runnable action) {
    Due one = new Due(now + nanos, order++, action);
    due.add(one);
    return () -> due.remove(one);
  }

  void goOnMillis(long millis) {
    long until = now + millis * 1_000_000;
    while (!due.isEmpty() && due.peek().at() <= until) {
      Due next = due.remove();
      now = next.at();
      next.action().run();
    }
    now = until;
  }

  int alarms() {
    return due.size();
  }

  @Override
  public void close() {
    due.clear();
  }
}
