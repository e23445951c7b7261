package io.spillway.enrichment;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one subtask and lane: counts attempts, not questions, so one that retries
 * much opens no later. Opens for failures and for slow answers alike. Safe for many threads.
 *
 * <p>The first attempts wait until a connection is made and classes are loaded, which says nothing
 * about the other side: for a while after the first one, slow answers and answers that do not come
 * in time are left out. Outright failures count from the beginning.
 */
final class Breaker {
  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  /** What others are told of a state, by its level. */
  static final List<String> STATES = List.of("closed", "half_open", "open");

  private static final long NEVER = Long.MIN_VALUE;

  private final CircuitBreaker breaker;
  private final Delays delays;
  private final long slowNanos;
  private final long warmUpNanos;
  private final AtomicLong firstAttempt = new AtomicLong(NEVER);

  /**
   * @param changed told of each state the breaker goes to, as labels write it
   */
  Breaker(String lane, EnrichmentOptions options, Delays delays, Consumer<String> changed) {
    this.delays = delays;
    this.slowNanos = options.slowCall().toNanos();
    this.warmUpNanos = options.breakerWarmUp().toNanos();
    float percent = (float) (100 * options.breakerThreshold());
    breaker =
        CircuitBreaker.of(
            lane,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(options.breakerWindow())
                .minimumNumberOfCalls(options.breakerWindow())
                .failureRateThreshold(percent)
                .slowCallRateThreshold(percent)
                .slowCallDurationThreshold(options.slowCall())
                .waitDurationInOpenState(options.breakerOpenFor())
                .permittedNumberOfCallsInHalfOpenState(options.breakerTrials())
                .maxWaitDurationInHalfOpenState(options.breakerOpenFor().plus(options.budget()))
                .clock(new ClockOf(delays))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              State from = event.getStateTransition().getFromState();
              State to = event.getStateTransition().getToState();
              LOG.warn("circuit of enrichment, lane {}: {} -> {}", lane, from, to);
              changed.accept(STATES.get(level(to)));
            });
  }

  /** Whether an attempt may be made; whoever is told so has to say how it went. */
  boolean tryEnter() {
    if (!breaker.tryAcquirePermission()) {
      return false;
    }
    firstAttempt.compareAndSet(NEVER, delays.nanoTime());
    return true;
  }

  /**
   * @param start when the attempt began
   */
  void succeeded(long start) {
    long nanos = delays.nanoTime() - start;
    if (nanos > slowNanos && isWarmingUp(start)) {
      breaker.releasePermission();
    } else {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * @param start when the attempt began
   */
  void failed(long start, LookupFailure.Kind kind, Throwable failure) {
    if (kind == LookupFailure.Kind.TIMEOUT && isWarmingUp(start)) {
      breaker.releasePermission();
    } else {
      breaker.onError(delays.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
    }
  }

  private boolean isWarmingUp(long start) {
    return start - firstAttempt.get() < warmUpNanos;
  }

  /** 0 closed, 1 trying again, 2 open. */
  int level() {
    return level(breaker.getState());
  }

  private static int level(State state) {
    return switch (state) {
      case CLOSED, DISABLED, METRICS_ONLY -> 0;
      case HALF_OPEN -> 1;
      case OPEN, FORCED_OPEN -> 2;
    };
  }

  /** The monotonic clock of everything else here, in the form the breaker wants. */
  private static final class ClockOf extends Clock {
    private final Delays delays;

    ClockOf(Delays delays) {
      this.delays = delays;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(delays.nanoTime());
    }
  }
}
