package io.spillway.benchmarks.programs;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Optional;

/**
 * A RateLimiter of resilience4j (permissions of each period, none kept for the next) set to what
 * the workers can do. It knows of no priorities; the best that its user can do is to let CRITICAL
 * pass and to leave room for it by setting the rate of the rest to capacity minus what CRITICAL
 * needs. That makes it an oracle: it is told both, and told anew whenever either changes. An event
 * that gets no permission at once is turned away, because a consumer that waits for one lets
 * CRITICAL events grow old behind it.
 */
final class RateGate implements Gate {
  private static final Runnable NOTHING = () -> {};

  private final RateLimiter limiter;

  /**
   * @param perSecond for all but CRITICAL
   * @param period short, so that what is let in at once does not have to wait long
   */
  RateGate(double perSecond, Duration period) {
    int permits = (int) Math.round(perSecond * period.toNanos() / 1e9);
    if (permits < 1) {
      throw new IllegalArgumentException(
          "%s/s has no permission in %s: take a longer period".formatted(perSecond, period));
    }
    limiter =
        RateLimiter.of(
            "rate",
            RateLimiterConfig.custom()
                // The whole permissions of a period, and the period that they are right for.
                .limitRefreshPeriod(Duration.ofNanos(Math.round(permits * 1e9 / perSecond)))
                .limitForPeriod(permits)
                .timeoutDuration(Duration.ZERO)
                .build());
  }

  @Override
  public Optional<Runnable> enter(Priority priority) {
    return priority == Priority.CRITICAL || limiter.acquirePermission()
        ? Optional.of(NOTHING)
        : Optional.empty();
  }
}
