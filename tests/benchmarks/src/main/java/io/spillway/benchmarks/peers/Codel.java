package io.spillway.benchmarks.peers;

/**
 * Controlled delay (Nichols and Jacobson, Controlling Queue Delay, ACM Queue 2012; RFC 8289,
 * section 5): when every packet of an interval of 100 ms has waited longer than the target of 5 ms,
 * one is dropped, the next 100 ms later, then after 100 ms / sqrt(2), 100 ms / sqrt(3), until one
 * has waited less. A dropping state that begins soon after the last one goes on nearly where that
 * one was.
 *
 * <p>It signals to senders that slow down when they lose a packet, and does not ask how much there
 * is too much: against those who do not, as here, the drop rate grows by some fifty a second every
 * second, and the bound of the queue does the rest. Pure; not thread safe; times in nanoseconds.
 */
public final class Codel {
  static final long TARGET_NANOS = 5_000_000;
  static final long INTERVAL_NANOS = 100_000_000;

  /** A new dropping state within so many intervals after the last one remembers its rate. */
  private static final long REMEMBERED_INTERVALS = 16;

  private boolean above;
  private long aboveUntilNanos;
  private boolean dropping;
  private long nextNanos;
  private long count;
  private long lastCount;

  /** Whether the packet that leaves the queue now, after having waited for so long, is dropped. */
  public boolean drops(long nowNanos, long waitedNanos) {
    boolean okToDrop = isLate(nowNanos, waitedNanos);
    if (dropping) {
      dropping = okToDrop;
      if (!dropping || nowNanos < nextNanos) {
        return false;
      }
      count++;
      nextNanos = next(nextNanos);
      return true;
    }
    if (okToDrop) {
      dropping = true;
      long gained = count - lastCount;
      boolean soon = nowNanos - nextNanos < REMEMBERED_INTERVALS * INTERVAL_NANOS;
      count = gained > 1 && soon ? gained : 1;
      nextNanos = next(nowNanos);
      lastCount = count;
    }
    return okToDrop;
  }

  /** Whether packets have been late for a whole interval. */
  private boolean isLate(long nowNanos, long waitedNanos) {
    if (waitedNanos < TARGET_NANOS) {
      above = false;
    } else if (!above) {
      above = true;
      aboveUntilNanos = nowNanos + INTERVAL_NANOS;
    } else {
      return nowNanos >= aboveUntilNanos;
    }
    return false;
  }

  private long next(long fromNanos) {
    return fromNanos + Math.round(INTERVAL_NANOS / Math.sqrt(count));
  }

  /** How many it has dropped in the dropping state it is in or was in last. */
  long count() {
    return count;
  }
}
