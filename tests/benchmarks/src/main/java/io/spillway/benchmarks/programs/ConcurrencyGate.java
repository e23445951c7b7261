package io.spillway.benchmarks.programs;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limiter.AbstractPartitionedLimiter;
import io.spillway.priority.Priority;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The adaptive concurrency limit of Netflix, concurrency-limits, with the limit in the manner of
 * TCP Vegas (Brakmo and Peterson 1995): it keeps between alpha and beta events waiting, judged by
 * how much longer an event takes than the fastest did. Gradient2 compares with the average of the
 * last 600 instead, so in an overload that lasts it gets used to the queue and lets it grow; Vegas
 * is the better one here. Priorities are partitions, each with a share that is its own under
 * overload ({@code AbstractPartitionedLimiter}): half for CRITICAL, which does not need it all.
 */
final class ConcurrencyGate implements Gate {
  private static final int INITIAL_LIMIT = 8;
  private static final int MAX_LIMIT = 64;

  /** Events between two of those measurements, divided by the limit; 30 is the library's. */
  private static final int RARELY = 10_000;

  private final Limiter<Priority> limiter;

  /**
   * @param nanoClock what an event's time is taken with
   */
  ConcurrencyGate(LongSupplier nanoClock) {
    limiter =
        new ByPriority()
            .limit(
                VegasLimit.newBuilder()
                    .initialLimit(INITIAL_LIMIT)
                    .maxConcurrency(MAX_LIMIT)
                    .probeMultiplier(RARELY)
                    .build())
            .nanoClock(nanoClock)
            .partitionResolver(Priority::wireName)
            .partition(Priority.CRITICAL.wireName(), 0.5)
            .partition(Priority.HIGH.wireName(), 0.3)
            .partition(Priority.NORMAL.wireName(), 0.15)
            .partition(Priority.BULK.wireName(), 0.05)
            .build();
  }

  @Override
  public Optional<Runnable> enter(Priority priority) {
    return limiter.acquire(priority).map(listener -> listener::onSuccess);
  }

  /**
   * The library has partitioned limiters for gRPC and servlets only; this is one for priorities.
   */
  private static final class ByPriority
      extends AbstractPartitionedLimiter.Builder<ByPriority, Priority> {
    @Override
    protected ByPriority self() {
      return this;
    }
  }
}
