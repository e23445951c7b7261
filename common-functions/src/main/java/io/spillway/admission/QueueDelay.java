package io.spillway.admission;

/**
 * How long events wait in Kafka before they are read: now minus the record's timestamp, less the
 * smallest such difference of the last {@value #WINDOW_MILLIS} to twice as many milliseconds. The
 * base takes out clock skew between producers and this machine, so a wrong clock never sheds (the
 * minimum filter of LEDBAT, RFC 6817, section 4.2). A clock that jumps is forgotten like any other
 * base: after at most two windows. Not thread safe.
 */
public final class QueueDelay {
  static final long WINDOW_MILLIS = 60_000;

  private long base = Long.MAX_VALUE;
  private long youngBase = Long.MAX_VALUE;
  private long rotateAtMillis = Long.MIN_VALUE;
  private double current;

  /** Takes in the newest record that was read. */
  public void observe(long nowMillis, long recordTimestampMillis) {
    long difference = nowMillis - recordTimestampMillis;
    // Also where the clock was put back by more than a window: else the base would stay for as
    // long.
    if (nowMillis >= rotateAtMillis || nowMillis < rotateAtMillis - WINDOW_MILLIS) {
      base = youngBase;
      youngBase = Long.MAX_VALUE;
      rotateAtMillis = nowMillis + WINDOW_MILLIS;
    }
    youngBase = Math.min(youngBase, difference);
    base = Math.min(base, youngBase);
    current = difference - base;
  }

  /** Milliseconds the newest record waited beyond the base; 0 before the first record. */
  public double millis() {
    return current;
  }
}
