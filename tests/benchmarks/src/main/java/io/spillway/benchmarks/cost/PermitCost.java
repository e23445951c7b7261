package io.spillway.benchmarks.cost;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.spillway.quota.Quota;
import io.spillway.quota.TokenBucket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A permit of a quota, granted and refused. Everyone reads the clock: the others do so themselves,
 * ours is handed the time by whoever asks. One thread; Bucket4j is told so and does without
 * atomics, which is its fastest form, resilience4j cannot be told.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PermitCost {
  private static final long PLENTY = 1_000_000_000;
  private static final Quota ENOUGH = new Quota(PLENTY, PLENTY);
  private static final Quota SPENT = new Quota(1 / 86_400.0, 1);

  private final TokenBucket full = new TokenBucket(ENOUGH, System.nanoTime());
  private final TokenBucket empty = new TokenBucket(0, System.nanoTime());
  private final Bucket bucket4jFull = bucket4j(PLENTY, Duration.ofSeconds(1));
  private final Bucket bucket4jEmpty = spent(bucket4j(1, Duration.ofDays(1)));
  private final RateLimiter limiterFull = limiter(Integer.MAX_VALUE, Duration.ofMillis(10));
  private final RateLimiter limiterEmpty = spent(limiter(1, Duration.ofDays(1)));

  @Benchmark
  public boolean granted() {
    return full.take(ENOUGH, 1, System.nanoTime()) == 1;
  }

  @Benchmark
  public boolean grantedByBucket4j() {
    return bucket4jFull.tryConsume(1);
  }

  @Benchmark
  public boolean grantedByResilience4j() {
    return limiterFull.acquirePermission();
  }

  @Benchmark
  public boolean refused() {
    return empty.take(SPENT, 1, System.nanoTime()) == 1;
  }

  @Benchmark
  public boolean refusedByBucket4j() {
    return bucket4jEmpty.tryConsume(1);
  }

  @Benchmark
  public boolean refusedByResilience4j() {
    return limiterEmpty.acquirePermission();
  }

  private static Bucket bucket4j(long permits, Duration every) {
    return Bucket.builder()
        .addLimit(Bandwidth.builder().capacity(permits).refillGreedy(permits, every).build())
        .withNanosecondPrecision()
        .withSynchronizationStrategy(SynchronizationStrategy.NONE)
        .build();
  }

  private static Bucket spent(Bucket bucket) {
    bucket.tryConsumeAsMuchAsPossible();
    return bucket;
  }

  private static RateLimiter limiter(int permits, Duration every) {
    return RateLimiter.of(
        "events",
        RateLimiterConfig.custom()
            .limitForPeriod(permits)
            .limitRefreshPeriod(every)
            .timeoutDuration(Duration.ZERO)
            .build());
  }

  private static RateLimiter spent(RateLimiter limiter) {
    limiter.acquirePermission();
    return limiter;
  }
}
