package io.spillway.enrichment;

import io.spillway.metrics.SpillwayMetrics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enriches the values of one lane in one subtask. Whatever the other system does, each value goes
 * on once and is counted once, at the latest when its budget is spent. What had not gone on when a
 * checkpoint was taken is asked again after a restore.
 */
final class EnrichmentFunction<T, Q, A, R> extends RichAsyncFunction<T, R>
    implements ResultTypeQueryable<R> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(EnrichmentFunction.class);

  private final String lane;
  private final EnrichmentOptions options;
  private final LookupFactory<Q, A> factory;
  private final Enriching<T, Q, A, R> enriching;
  private final TypeInformation<R> type;

  private transient Delays delays;
  private transient Lookup<Q, A> lookup;
  private transient PersistentLookup<Q, A> persistent;
  private transient Counted counted;
  private transient AtomicBoolean complained;

  /** Where values still have to go on; whoever takes one out of it may do so. */
  private transient Set<ResultFuture<R>> waiting;

  EnrichmentFunction(
      String lane,
      EnrichmentOptions options,
      LookupFactory<Q, A> factory,
      Enriching<T, Q, A, R> enriching,
      TypeInformation<R> type) {
    this.lane = lane;
    this.options = options;
    this.factory = factory;
    this.enriching = enriching;
    this.type = type;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    counted = new Counted(lane, metrics);
    complained = new AtomicBoolean();
    waiting = ConcurrentHashMap.newKeySet();
    delays = new Delays.OfTheMachine("enrichment-" + lane);
    Breaker breaker = new Breaker(lane, options, delays, counted::circuitWent);
    metrics.breakerState(lane, breaker::level);
    lookup = factory.open();
    persistent =
        new PersistentLookup<>(
            options,
            lookup,
            breaker,
            delays,
            () -> ThreadLocalRandom.current().nextDouble(),
            counted);
  }

  @Override
  public void asyncInvoke(T value, ResultFuture<R> result) {
    waiting.add(result);
    try {
      Q question = enriching.question(value);
      if (question == null) {
        goOn(value, Found.nothing(Answered.NOT_ASKED), result);
      } else {
        persistent.ask(question, enriching.staleKey(question), found -> goOn(value, found, result));
      }
    } catch (RuntimeException e) {
      complain("no question can be made of a value", e);
      goOn(value, Found.nothing(Answered.BAD_QUESTION), result);
    }
  }

  /** By any thread: what is thrown here would be lost, and the value with it. */
  private void goOn(T value, Found<A> found, ResultFuture<R> result) {
    if (!waiting.remove(result)) {
      return;
    }
    R outcome;
    try {
      outcome = resultOf(value, found);
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
      return;
    }
    result.complete(List.of(outcome));
  }

  private R resultOf(T value, Found<A> found) {
    if (found.answer() != null) {
      try {
        R outcome = enriching.result(enriched(value, found));
        counted.wentOn(found.answered());
        return outcome;
      } catch (RuntimeException e) {
        complain("an answer cannot be used", e);
        return resultOf(value, Found.nothing(Answered.BAD_ANSWER));
      }
    }
    counted.wentOn(found.answered());
    return enriching.result(enriched(value, found));
  }

  private Enriched<T, A> enriched(T value, Found<A> found) {
    return new Enriched<>(value, found.answer(), found.answered(), found.ageMillis());
  }

  /** Once for each run of a subtask: the others are counted, and there may be thousands. */
  private void complain(String what, RuntimeException failure) {
    if (complained.compareAndSet(false, true)) {
      LOG.warn("enrichment, lane {}: {}; later ones are only counted", lane, what, failure);
    }
  }

  /** Flink's own alarm, long after the budget: only if a lookup holds up the thread of alarms. */
  @Override
  public void timeout(T value, ResultFuture<R> result) {
    goOn(value, Found.nothing(Answered.TIMEOUT), result);
  }

  @Override
  public void close() {
    if (delays != null) {
      delays.close();
    }
    if (lookup != null) {
      lookup.close();
    }
  }

  @Override
  public TypeInformation<R> getProducedType() {
    return type;
  }

  private static final class Counted implements PersistentLookup.Watcher {
    private final Counter calls;
    private final Counter retries;
    private final Histogram latencyMillis;
    private final Map<Answered, Counter> fallbacks = new EnumMap<>(Answered.class);
    private final Map<String, Counter> transitions = new HashMap<>();

    private final String lane;
    private final SpillwayMetrics metrics;

    Counted(String lane, SpillwayMetrics metrics) {
      this.lane = lane;
      this.metrics = metrics;
      calls = metrics.enrichmentCalls(lane);
      retries = metrics.enrichmentRetries(lane);
      latencyMillis = metrics.enrichmentLatencyMillis(lane);
      for (Answered reason : Answered.values()) {
        if (reason.degraded()) {
          fallbacks.put(reason, metrics.fallbacks(lane, reason.wireName()));
        }
      }
      for (String state : Breaker.STATES) {
        transitions.put(state, metrics.breakerTransitions(lane, state));
      }
    }

    void circuitWent(String state) {
      transitions.get(state).inc();
      metrics.circuitChanged(lane, state);
    }

    @Override
    public void called() {
      calls.inc();
    }

    @Override
    public void retried() {
      retries.inc();
    }

    @Override
    public void ended(long nanos) {
      latencyMillis.update(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    void wentOn(Answered how) {
      if (how.degraded()) {
        fallbacks.get(how).inc();
      }
    }
  }
}
