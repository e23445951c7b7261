package io.spillway.quota;

import java.time.Duration;

/**
 * How much a source may send: on average {@code ratePerSecond} events, and {@code burst} at once
 * after it has sent nothing for a while. A burst below one lets nothing pass, ever. Immutable.
 */
public record Quota(double ratePerSecond, double burst) {
  private static final double NANOS = 1e9;

  /** Nothing passes. */
  public static final Quota NOTHING = new Quota(0, 0);

  public Quota {
    if (!(ratePerSecond >= 0 && ratePerSecond < Double.POSITIVE_INFINITY)
        || !(burst >= 0 && burst < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rate %s and burst %s: write numbers from 0".formatted(ratePerSecond, burst));
    }
  }

  /** This rate, with what it gives in that time as burst, but at least one event. */
  public static Quota of(double ratePerSecond, Duration saved) {
    double burst = ratePerSecond * saved.toNanos() / NANOS;
    return ratePerSecond == 0 ? NOTHING : new Quota(ratePerSecond, Math.max(1, burst));
  }

  /** What this many permits have become after that time. */
  double refilled(double permits, long nanos) {
    return nanos <= 0 ? permits : Math.min(burst, permits + ratePerSecond * nanos / NANOS);
  }

  /** Nanoseconds until this many permits have become the burst. */
  long nanosUntilFull(double permits) {
    return permits >= burst ? 0 : (long) Math.ceil((burst - permits) / ratePerSecond * NANOS);
  }

  /** Nanoseconds until this many permits have become one; {@link Long#MAX_VALUE} for never. */
  long nanosUntilOne(double permits) {
    if (permits >= 1) {
      return 0;
    }
    return burst < 1 || ratePerSecond == 0
        ? Long.MAX_VALUE
        : (long) Math.ceil((1 - permits) / ratePerSecond * NANOS);
  }
}
