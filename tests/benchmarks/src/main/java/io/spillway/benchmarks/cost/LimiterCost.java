package io.spillway.benchmarks.cost;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.FixedLimit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Netflix concurrency-limits asked whether one event may pass: always yes, with a limit that does
 * not move and a listener that is told to ignore what came of it, its fastest way. An adaptive
 * limit (Vegas, Gradient2) has its samples to take on top of this.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimiterCost {
  private final SimpleLimiter<Void> limiter =
      SimpleLimiter.newBuilder().limit(FixedLimit.of(16)).build();

  @Benchmark
  public boolean concurrencyLimits() {
    Optional<Limiter.Listener> permitted = limiter.acquire(null);
    permitted.ifPresent(Limiter.Listener::onIgnore);
    return permitted.isPresent();
  }
}
