package io.spillway.quota;

/**
 * Permits of one source (a token bucket, Turner 1986): they come at the rate of its {@link Quota},
 * are saved up to its burst, and each event takes one. In any time t no more than {@code burst +
 * rate * t} events pass, whatever comes; n permits asked for one by one are as many as n asked for
 * at once. The quota is an argument, so that it may change from call to call.
 *
 * <p>Pure; times are nanoseconds of any clock, and one that goes back gives nothing. Not thread
 * safe.
 */
public final class TokenBucket {
  private double permits;
  private long atNanos;

  /** A bucket as it is kept in state. */
  public record Saved(double permits, long atNanos) {
    public TokenBucket bucket() {
      return new TokenBucket(permits, atNanos);
    }
  }

  /** A full one. */
  public TokenBucket(Quota quota, long nowNanos) {
    this(quota.burst(), nowNanos);
  }

  /** One with this many permits, as it was at that time. */
  public TokenBucket(double permits, long atNanos) {
    this.permits = permits;
    this.atNanos = atNanos;
  }

  /** Takes up to {@code wanted} permits; how many there were. */
  public long take(Quota quota, long wanted, long nowNanos) {
    refill(quota, nowNanos);
    // Whole numbers are subtracted without rounding: so order and grouping make no difference.
    long taken = Math.min(wanted, (long) permits);
    permits -= taken;
    return taken;
  }

  /** Nanoseconds until there is one permit; {@link Long#MAX_VALUE} for never. */
  public long nanosUntilOne(Quota quota, long nowNanos) {
    refill(quota, nowNanos);
    return quota.nanosUntilOne(permits);
  }

  /** Nanoseconds until it is as full as it can get: then it is the same as a new one. */
  public long nanosUntilFull(Quota quota, long nowNanos) {
    refill(quota, nowNanos);
    return quota.nanosUntilFull(permits);
  }

  /** Whether it is as full as it can get. */
  boolean isFull(Quota quota, long nowNanos) {
    return nanosUntilFull(quota, nowNanos) == 0;
  }

  public Saved saved() {
    return new Saved(permits, atNanos);
  }

  /** Permits at the time of the last call. */
  public double permits() {
    return permits;
  }

  /** The time of the last call that was not before an earlier one. */
  public long atNanos() {
    return atNanos;
  }

  private void refill(Quota quota, long nowNanos) {
    // A quota that has become smaller counts at once.
    permits = Math.min(quota.burst(), quota.refilled(permits, nowNanos - atNanos));
    if (nowNanos - atNanos > 0) {
      atNanos = nowNanos;
    }
  }
}
