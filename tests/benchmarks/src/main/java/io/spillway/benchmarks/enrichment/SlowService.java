package io.spillway.benchmarks.enrichment;

import io.spillway.config.Settings;
import io.spillway.enrichment.Answered;
import io.spillway.enrichment.Enriched;
import io.spillway.enrichment.Enriching;
import io.spillway.enrichment.Enrichment;
import io.spillway.enrichment.EnrichmentOptions;
import io.spillway.enrichment.Lookup;
import io.spillway.jobs.risk.RiskService;
import io.spillway.risk.v1.Faults;
import io.spillway.risk.v1.ScoreRequest;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.risk.RiskServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A stage that asks the real risk service over gRPC, in this process, while the service is slow.
 * Values come at a rate that the stage without Spillway gets done while the service is well, so
 * that neither what an open circuit could do alone nor the machine is the measure. They come from a
 * thousand accounts that there have been answers about before, but one in two hundred from an
 * account that nobody has asked about. Latency is from when a value was to come.
 */
public final class SlowService {
  /** As fast as the stage takes them. */
  public static final double ANY_RATE = Double.POSITIVE_INFINITY;

  private static final int ACCOUNTS = 1000;
  private static final int NEW_ACCOUNT_EVERY = 200;
  private static final long WARM = 10 * ACCOUNTS;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PLAIN_TIMEOUT = Duration.ofSeconds(10);
  private static final EnrichmentOptions OPTIONS =
      EnrichmentOptions.from(Settings.of(Map.of(), EnrichmentOptions.OPTIONS));

  /** Who asks. */
  public enum Variant {
    /** With budget, breaker and old answers. */
    SPILLWAY,
    /** An AsyncFunction of Flink with a timeout, as many questions under way. */
    PLAIN
  }

  /**
   * What came out.
   *
   * @param perSecond values that went on
   * @param fresh share of them with a score of their own
   * @param stale share of them with an old score
   * @param p99Millis from when the value was to come to its way out; those that the stage has not
   *     taken when the time is over count with what they have waited
   */
  public record Run(double perSecond, double fresh, double stale, double p99Millis) {
    /** Share of values with a score, fresh or old. */
    public double answered() {
      return fresh + stale;
    }

    /** Share of values that went on without one. */
    public double without() {
      return 1 - fresh - stale;
    }
  }

  /** When values are to come. Not before that, and later only if nobody takes them. */
  private static final class Pace {
    private static final long LONGEST_WAIT_NANOS = 1_000_000;

    private final double nanosBetween;
    private long startNanos = System.nanoTime();
    private long count;

    Pace(double perSecond) {
      this.nanosBetween = 1e9 / perSecond;
    }

    synchronized void startAgain() {
      startNanos = System.nanoTime();
      count = 0;
    }

    /** Waits until the next one is to come, and says when that was. */
    long next() {
      while (true) {
        long now = System.nanoTime();
        long ahead;
        synchronized (this) {
          long due = nanosBetween == 0 ? now : startNanos + (long) (count * nanosBetween);
          ahead = due - now;
          if (ahead <= 0) {
            count++;
            return due;
          }
        }
        LockSupport.parkNanos(Math.min(ahead, LONGEST_WAIT_NANOS));
      }
    }

    /** When those are to have come that have not been taken yet. */
    synchronized long[] overdue(long now) {
      if (nanosBetween == 0) {
        return new long[0];
      }
      long due = (long) ((now - startNanos) / nanosBetween);
      return LongStream.range(Math.min(count, due), due)
          .map(number -> startNanos + (long) (number * nanosBetween))
          .toArray();
    }
  }

  /** What the sink sees; found by number, for the sink travels with the job. */
  private static final class Seen {
    private final Pace pace;
    private long sinceNanos = System.nanoTime();
    private long count;
    private long fresh;
    private long stale;
    private Histogram nanos = new Histogram(3);

    Seen(Pace pace) {
      this.pace = pace;
    }

    synchronized void add(Enriched<Asked, Double> one) {
      if (one.value().nanos() - sinceNanos < 0) {
        return;
      }
      count++;
      fresh += one.answered() == Answered.FRESH ? 1 : 0;
      stale += one.answered() == Answered.STALE ? 1 : 0;
      nanos.recordValue(Math.max(0, System.nanoTime() - one.value().nanos()));
    }

    synchronized long fresh() {
      return fresh;
    }

    synchronized void startAgain() {
      pace.startAgain();
      sinceNanos = System.nanoTime();
      count = 0;
      fresh = 0;
      stale = 0;
      nanos = new Histogram(3);
    }

    synchronized Run run(double seconds) {
      long now = System.nanoTime();
      for (long due : pace.overdue(now)) {
        nanos.recordValue(now - due);
      }
      return new Run(
          count / seconds,
          count == 0 ? 0 : (double) fresh / count,
          count == 0 ? 0 : (double) stale / count,
          nanos.getValueAtPercentile(99) / 1e6);
    }
  }

  private static final Map<Integer, Seen> RUNS = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private SlowService() {}

  /**
   * Runs a stage until it is warm, lets the service become slow, and counts for so long.
   *
   * @param perSecond how many values come, or {@link #ANY_RATE}
   */
  public static Run measure(Variant variant, Duration delay, Duration time, double perSecond) {
    int number = NUMBERS.incrementAndGet();
    Seen seen = new Seen(new Pace(perSecond));
    RUNS.put(number, seen);
    try (RiskServer server = RiskServer.start(0)) {
      JobClient job = start(variant, new RiskService("127.0.0.1:" + server.port()), number);
      try {
        await(() -> seen.fresh() >= WARM);
        long warm = System.nanoTime();
        await(() -> System.nanoTime() - warm >= OPTIONS.breakerWarmUp().toNanos());
        server.misbehave(Faults.newBuilder().setDelayMillis(delay.toMillis()).build());
        seen.startAgain();
        long start = System.nanoTime();
        await(() -> System.nanoTime() - start >= time.toNanos());
        return seen.run((System.nanoTime() - start) / 1e9);
      } finally {
        job.cancel().get(1, TimeUnit.MINUTES);
      }
    } catch (IOException | ExecutionException | java.util.concurrent.TimeoutException e) {
      throw SandboxException.failure("the stage that asks cannot be measured: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted", e);
    } finally {
      RUNS.remove(number);
    }
  }

  private static JobClient start(Variant variant, RiskService service, int number) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    env.getConfig().enableObjectReuse();
    env.setBufferTimeout(1);
    TypeInformation<Enriched<Asked, Double>> type =
        Enriched.type(TypeInformation.of(Asked.class), Types.DOUBLE);
    DataStream<Asked> values =
        env.fromSource(
                new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                WatermarkStrategy.noWatermarks(),
                "numbers")
            .map(count -> new Asked(account(count), RUNS.get(number).pace.next()))
            .returns(Asked.class);
    SingleOutputStreamOperator<Enriched<Asked, Double>> enriched =
        variant == Variant.SPILLWAY
            ? Enrichment.attach(values, "all", OPTIONS, service, new Scoring(), type)
            : AsyncDataStream.unorderedWait(
                    values,
                    new Plain(service),
                    PLAIN_TIMEOUT.toMillis(),
                    TimeUnit.MILLISECONDS,
                    OPTIONS.bulkhead())
                .returns(type);
    enriched
        .startNewChain()
        .map(
            one -> {
              RUNS.get(number).add(one);
              return one;
            })
        .returns(type)
        .sinkTo(new DiscardingSink<>());
    try {
      return env.executeAsync("risk of payments");
    } catch (Exception e) {
      throw SandboxException.failure("the stage that asks does not start: " + e, e);
    }
  }

  private static long account(long number) {
    return number % NEW_ACCOUNT_EVERY == 0 ? ACCOUNTS + number : number % ACCOUNTS;
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > START_LIMIT.toNanos()) {
        throw SandboxException.failure("nothing comes out of the stage that asks");
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /**
   * One value.
   *
   * @param nanos when it was to come
   */
  public record Asked(long account, long nanos) {
    ScoreRequest question() {
      return ScoreRequest.newBuilder().setAccount("a-" + account).setMerchant("m-1").build();
    }
  }

  private static final class Scoring
      implements Enriching<Asked, ScoreRequest, Double, Enriched<Asked, Double>> {
    private static final long serialVersionUID = 1L;

    @Override
    public ScoreRequest question(Asked value) {
      return value.question();
    }

    @Override
    public Enriched<Asked, Double> result(Enriched<Asked, Double> enriched) {
      return enriched;
    }
  }

  private static final class Plain extends RichAsyncFunction<Asked, Enriched<Asked, Double>> {
    private static final long serialVersionUID = 1L;

    private final RiskService service;
    private transient Lookup<ScoreRequest, Double> lookup;

    Plain(RiskService service) {
      this.service = service;
    }

    @Override
    public void open(OpenContext context) {
      lookup = service.open();
    }

    @Override
    public void asyncInvoke(Asked value, ResultFuture<Enriched<Asked, Double>> result) {
      lookup
          .ask(value.question(), PLAIN_TIMEOUT)
          .whenComplete(
              (score, failure) ->
                  result.complete(
                      List.of(
                          new Enriched<>(
                              value, score, failure == null ? Answered.FRESH : Answered.ERROR))));
    }

    @Override
    public void close() {
      if (lookup != null) {
        lookup.close();
      }
    }
  }
}
