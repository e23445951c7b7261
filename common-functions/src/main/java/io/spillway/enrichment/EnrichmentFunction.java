package io.spillway.enrichment;

import io.spillway.metrics.SpillwayMetrics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Enriches the values of one lane in one subtask. Whatever the other system does, each value goes
 * on, at the latest when its budget is spent. What had not gone on when a checkpoint was taken is
 * asked again after a restore.
 */
final class EnrichmentFunction<T, Q, A, R> extends RichAsyncFunction<T, R>
    implements ResultTypeQueryable<R> {
  private static final long serialVersionUID = 1L;

  private final String lane;
  private final EnrichmentOptions options;
  private final LookupFactory<Q, A> factory;
  private final Enriching<T, Q, A, R> enriching;
  private final TypeInformation<R> type;

  private transient Delays delays;
  private transient Lookup<Q, A> lookup;
  private transient PersistentLookup<Q, A> persistent;
  private transient Counted counted;

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
    Q question = enriching.question(value);
    if (question == null) {
      result.complete(List.of(enriching.result(new Enriched<>(value, null, Answered.NOT_ASKED))));
      return;
    }
    persistent.ask(
        question,
        enriching.staleKey(question),
        (answer, answered) -> goOn(new Enriched<>(value, answer, answered), result));
  }

  /** By any thread: what is thrown here would be lost, and the value with it. */
  private void goOn(Enriched<T, A> enriched, ResultFuture<R> result) {
    R outcome;
    try {
      outcome = resultOf(enriched);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
      return;
    }
    result.complete(List.of(outcome));
  }

  private R resultOf(Enriched<T, A> enriched) {
    if (enriched.answer() == null) {
      return enriching.result(enriched);
    }
    try {
      return enriching.result(enriched);
    } catch (RuntimeException e) {
      counted.fellBack(Answered.BAD_ANSWER);
      return enriching.result(new Enriched<>(enriched.value(), null, Answered.BAD_ANSWER));
    }
  }

  /** Flink's own alarm, long after the budget: only if a lookup holds up the thread of alarms. */
  @Override
  public void timeout(T value, ResultFuture<R> result) {
    counted.fellBack(Answered.TIMEOUT);
    goOn(new Enriched<>(value, null, Answered.TIMEOUT), result);
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
    private final Map<Answered, Counter> fallbacks = new EnumMap<>(Answered.class);
    private final Map<String, Counter> transitions = new HashMap<>();

    Counted(String lane, SpillwayMetrics metrics) {
      calls = metrics.enrichmentCalls(lane);
      retries = metrics.enrichmentRetries(lane);
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
    public void fellBack(Answered reason) {
      fallbacks.get(reason).inc();
    }
  }
}
