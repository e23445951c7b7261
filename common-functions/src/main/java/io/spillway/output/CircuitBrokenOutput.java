package io.spillway.output;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.spillway.event.RawEvent;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.output.HttpTarget.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands results over to a target that may be gone. Each way out has a circuit breaker: while the
 * first is open nothing is sent there, and a result takes the second at once, if there is one. If
 * there is none, or it fails too, the result is tried again for as long as it takes; when as many
 * wait as may be under way, the task takes no more, and the others wait where they are, in Kafka.
 * The job does not fail and its checkpoints go on: they hold the few results under way, which are
 * sent again after a restore. So a target gets each result at least once, in no certain order.
 *
 * <p>What a target refuses for good (4xx, but for 408 and 429) is not tried again: it comes out as
 * {@link HandedOver.Way#REFUSED}. Waits between tries are drawn evenly from zero to a bound that
 * doubles (full jitter), so that waiting results do not come back all at once.
 *
 * <p>Requests run on the threads of {@link HttpClient}, waits on one more; no thread waits for
 * either. The breaker is resilience4j's; pattern: Nygard, Release It!, 2007.
 */
public final class CircuitBrokenOutput extends RichAsyncFunction<RawEvent, HandedOver> {
  public static final String UID = "hand-over-v1";
  public static final String NAME = "hand over";

  private static final Logger LOG = LoggerFactory.getLogger(CircuitBrokenOutput.class);
  private static final long serialVersionUID = 1L;
  private static final int MOST_DOUBLINGS = 20;

  private final OutputOptions options;

  private transient List<Way> ways;
  private transient ScheduledExecutorService later;
  private transient Map<HandedOver.Way, Counter> handedOver;

  /** One way out: who is asked, and whether asking makes sense. */
  private record Way(
      HandedOver.Way way, HttpTarget target, CircuitBreaker breaker, Counter failures) {}

  public CircuitBrokenOutput(OutputOptions options) {
    this.options = options;
  }

  /** Attaches it to the results, which have to come straight from a source: it is chained to it. */
  public static SingleOutputStreamOperator<HandedOver> attach(
      DataStream<RawEvent> results, OutputOptions options) {
    return results
        .transform(
            NAME,
            TypeInformation.of(HandedOver.class),
            new WaitingFactory(new CircuitBrokenOutput(options), options.inFlight()))
        .uid(UID)
        .name(NAME);
  }

  @Override
  public void open(OpenContext context) {
    SpillwayMetrics metrics = new SpillwayMetrics(getRuntimeContext().getMetricGroup());
    handedOver = new EnumMap<>(HandedOver.Way.class);
    for (HandedOver.Way way : HandedOver.Way.values()) {
      handedOver.put(way, metrics.outputHandedOver(way.wireName()));
    }
    later = Executors.newSingleThreadScheduledExecutor(CircuitBrokenOutput::thread);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.timeout())
            .build();
    ways = new ArrayList<>();
    add(HandedOver.Way.FIRST, client, options.url(), metrics);
    if (options.secondUrl() != null) {
      add(HandedOver.Way.SECOND, client, options.secondUrl(), metrics);
    }
  }

  private void add(HandedOver.Way way, HttpClient client, URI url, SpillwayMetrics metrics) {
    CircuitBreaker breaker =
        CircuitBreaker.of(
            way.wireName(),
            CircuitBreakerConfig.custom()
                .failureRateThreshold((float) (100 * options.breakerFailures()))
                .slidingWindowSize(options.breakerWindow())
                .minimumNumberOfCalls(options.breakerWindow())
                .waitDurationInOpenState(options.breakerOpen())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                LOG.warn(
                    "circuit of the {} way out, to {}: {} -> {}",
                    way.wireName(),
                    url.getHost(),
                    event.getStateTransition().getFromState(),
                    event.getStateTransition().getToState()));
    metrics.outputCircuitOpen(
        way.wireName(), () -> breaker.getState() == CircuitBreaker.State.CLOSED ? 0 : 1);
    ways.add(
        new Way(
            way,
            new HttpTarget(client, url, options.timeout()),
            breaker,
            metrics.outputFailures(way.wireName())));
  }

  @Override
  public void asyncInvoke(RawEvent event, ResultFuture<HandedOver> result) {
    new HandOver(event, result).tryWay(0);
  }

  @Override
  public void close() {
    if (later != null) {
      later.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "output-retries");
    thread.setDaemon(true);
    return thread;
  }

  /** The longest wait before the next try, after this many that failed. */
  static Duration bound(int failed, Duration longest) {
    long millis = OutputOptions.BACKOFF_FIRST.toMillis() << Math.min(failed - 1, MOST_DOUBLINGS);
    return Duration.ofMillis(Math.min(millis, longest.toMillis()));
  }

  /** One result on its way. Its steps follow each other, on changing threads. */
  private final class HandOver {
    private final RawEvent event;
    private final ResultFuture<HandedOver> result;
    private int tries;
    private int rounds;

    HandOver(RawEvent event, ResultFuture<HandedOver> result) {
      this.event = event;
      this.result = result;
    }

    void tryWay(int index) {
      if (index == ways.size()) {
        waitForNextRound();
        return;
      }
      Way way = ways.get(index);
      if (!way.breaker().tryAcquirePermission()) {
        tryWay(index + 1);
        return;
      }
      tries++;
      long start = System.nanoTime();
      way.target()
          .post(event)
          .thenAccept(answer -> answered(index, System.nanoTime() - start, answer));
    }

    private void answered(int index, long nanos, Answer answer) {
      Way way = ways.get(index);
      if (answer instanceof Answer.Failed failed) {
        way.breaker().onError(nanos, TimeUnit.NANOSECONDS, new TargetFailed(failed.detail()));
        way.failures().inc();
        tryWay(index + 1);
        return;
      }
      way.breaker().onSuccess(nanos, TimeUnit.NANOSECONDS);
      if (answer instanceof Answer.Refused refused) {
        done(HandedOver.Way.REFUSED, refused.detail());
      } else {
        done(way.way(), "");
      }
    }

    private void done(HandedOver.Way way, String detail) {
      handedOver.get(way).inc();
      result.complete(List.of(new HandedOver(event, way, tries, detail)));
    }

    private void waitForNextRound() {
      rounds++;
      long bound = bound(rounds, options.backoffLongest()).toMillis();
      long millis = ThreadLocalRandom.current().nextLong(bound + 1);
      try {
        later.schedule(() -> tryWay(0), millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closed) {
        LOG.debug("the task has ended: {} is sent again by the next one", event.offset());
      }
    }
  }

  /** For the breaker's own record; nobody looks at where it came from. */
  private static final class TargetFailed extends Exception {
    private static final long serialVersionUID = 1L;

    TargetFailed(String detail) {
      super(detail, null, false, false);
    }
  }
}
