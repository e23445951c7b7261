package io.spillway.benchmarks.programs;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Optional;

/**
 * Bulkheads of resilience4j: so many events may be at work or wait for it, and one more is turned
 * away. CRITICAL has one of its own, as the pattern has it (Nygard, "Release It!"): what floods one
 * compartment does not fill the other. Needs to know nothing of rates.
 */
final class BulkheadGate implements Gate {
  private final Bulkhead critical;
  private final Bulkhead rest;

  BulkheadGate(int critical, int rest) {
    this.critical = bulkhead("critical", critical);
    this.rest = bulkhead("rest", rest);
  }

  private static Bulkhead bulkhead(String name, int calls) {
    return Bulkhead.of(
        name,
        BulkheadConfig.custom().maxConcurrentCalls(calls).maxWaitDuration(Duration.ZERO).build());
  }

  @Override
  public Optional<Runnable> enter(Priority priority) {
    Bulkhead bulkhead = priority == Priority.CRITICAL ? critical : rest;
    return bulkhead.tryAcquirePermission() ? Optional.of(bulkhead::onComplete) : Optional.empty();
  }
}
