package io.spillway.benchmarks.cost;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.spillway.admission.AdmissionOptions;
import io.spillway.admission.EventHash;
import io.spillway.admission.KeepChances;
import io.spillway.admission.KeepThresholds;
import io.spillway.admission.LaneGate;
import io.spillway.event.EventAttributes;
import io.spillway.event.EventLimits;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import io.spillway.priority.PriorityRules;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whether one event may pass: Spillway's decision in three depths, and what others ask per event
 * instead. Events come in random order at an overload in which HIGH passes, NORMAL passes by half
 * and BULK by a twentieth, so the branches are as hard to predict as they are in a job. The others
 * always say yes, which is their fast path. One thread: an operator has one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionCost {
  private static final int MASK = SampleEvents.COUNT - 1;

  /** Decisions from one tick of the controller to the next: 50,000 a second. */
  private static final int TICK_MASK = 1023;

  private static final double TICK_SECONDS = 0.02;

  private static final double FILL = 0.3;
  private static final double FILL_ABOVE = 0.35;

  private final Priority[] priorities = SampleEvents.priorities();
  private final RawEvent[] events = SampleEvents.raw();
  private final EventAttributes[] attributes = new EventAttributes[SampleEvents.COUNT];
  private final long[] hashes = new long[SampleEvents.COUNT];
  private final KeepThresholds thresholds = new KeepThresholds();
  private final LaneGate gate =
      new LaneGate(AdmissionOptions.defaults().ceilings(), AdmissionOptions.defaults().floors());
  private final EventHash hash = new EventHash(0);
  private final KeepChances chances = new KeepChances(thresholds, false);
  private final KeepChances fairChances = new KeepChances(thresholds, true);
  private final EventLimits limits = EventLimits.defaults();
  private final PriorityRules rules = PriorityRules.none();
  private RateLimiter rateLimiter;
  private Bulkhead bulkhead;
  private int next;
  private int decided;

  @Setup
  public void prepare() {
    thresholds.set(Priority.NORMAL, 0.5);
    thresholds.set(Priority.BULK, 0.05);
    for (int i = 0; i < events.length; i++) {
      attributes[i] = EventAttributes.read(events[i], limits);
      hashes[i] = hash.of(events[i], attributes[i].id());
    }
    fairChances.tick(TICK_SECONDS);
    rateLimiter =
        RateLimiter.of(
            "events",
            RateLimiterConfig.custom()
                .limitForPeriod(Integer.MAX_VALUE)
                .limitRefreshPeriod(Duration.ofMillis(10))
                .timeoutDuration(Duration.ZERO)
                .build());
    bulkhead =
        Bulkhead.of(
            "events",
            BulkheadConfig.custom().maxConcurrentCalls(16).maxWaitDuration(Duration.ZERO).build());
  }

  /** The decision itself, as the others answer it: yes or no, by keep probability and lane gate. */
  @Benchmark
  public boolean decide() {
    int i = nextAtRandom();
    return decide(chances, priorities[i], events[i], attributes[i], hashes[i]);
  }

  /**
   * The decision and what follows from it: a branch that no processor can predict, and the weight
   * of an event that stays.
   */
  @Benchmark
  public double decideAndWeigh() {
    int i = nextAtRandom();
    double chance = chances.of(priorities[i], events[i], attributes[i]);
    return mayPass(chances, priorities[i], chance, hashes[i]) ? 1.0 / chance : 0;
  }

  /**
   * Yes or no with a fair share for the source, its hash and account, and the ticks of the
   * controller.
   */
  @Benchmark
  public boolean decideByFairShare() {
    if ((++decided & TICK_MASK) == 0) {
      fairChances.tick(TICK_SECONDS);
    }
    int i = nextAtRandom();
    boolean passes = decide(fairChances, priorities[i], events[i], attributes[i], hashes[i]);
    if (passes) {
      fairChances.admitted();
    }
    return passes;
  }

  /** The decision with the hash of the event's id. */
  @Benchmark
  public boolean hashAndDecide() {
    int i = nextAtRandom();
    long hashOfEvent = hash.of(events[i], attributes[i].id());
    return decide(chances, priorities[i], events[i], attributes[i], hashOfEvent);
  }

  /** Everything from the raw record: headers read, classified, hashed, decided. */
  @Benchmark
  public boolean readAndDecide() {
    RawEvent event = events[nextAtRandom()];
    EventAttributes read = EventAttributes.read(event, limits);
    return decide(chances, rules.classify(read), event, read, hash.of(event, read.id()));
  }

  @Benchmark
  public boolean resilience4jRateLimiter() {
    return rateLimiter.acquirePermission();
  }

  @Benchmark
  public boolean resilience4jBulkhead() {
    boolean permitted = bulkhead.tryAcquirePermission();
    bulkhead.releasePermission();
    return permitted;
  }

  /** An order that never repeats, else the processor learns it and every branch is free. */
  private int nextAtRandom() {
    next = next * 1664525 + 1013904223;
    return next >>> 16 & MASK;
  }

  private boolean decide(
      KeepChances by, Priority priority, RawEvent event, EventAttributes known, long hashOfEvent) {
    return mayPass(by, priority, by.of(priority, event, known), hashOfEvent);
  }

  private boolean mayPass(KeepChances by, Priority priority, double chance, long hashOfEvent) {
    boolean kept = by.keeps(priority, chance, hashOfEvent);
    return kept & gate.admits(priority, FILL, FILL_ABOVE);
  }
}
