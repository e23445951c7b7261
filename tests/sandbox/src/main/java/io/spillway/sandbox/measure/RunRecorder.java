package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.RunResult.GeneratorLag;
import io.spillway.sandbox.measure.RunResult.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Watches one run: reads its topics all the time, asks its metrics once a second and tells an
 * observer. Not thread safe.
 */
final class RunRecorder {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);
  private static final int MISSING_LISTED = 1000;

  private final Variant variant;
  private final LoadPlan plan;
  private final Judge judge;
  private final PrometheusScrape scrape;
  private final Consumer<LiveRow> observer;
  private final LiveRates rates = new LiveRates();
  private final List<Sample> samples = new ArrayList<>();
  private long nextRowNanos = System.nanoTime();

  RunRecorder(
      Variant variant,
      LoadPlan plan,
      Judge judge,
      PrometheusScrape scrape,
      Consumer<LiveRow> observer) {
    this.variant = variant;
    this.plan = plan;
    this.judge = judge;
    this.scrape = scrape;
    this.observer = observer;
  }

  /** Reads what has come and, once a second, takes a sample; takes about 100 ms. */
  void step() {
    judge.poll(POLL);
    long now = System.nanoTime();
    if (now >= nextRowNanos) {
      JobMetrics metrics = scrape.now();
      samples.add(new Sample(System.currentTimeMillis(), metrics));
      LiveRow row = row(metrics, now);
      if (!row.elapsed().isZero()) {
        observer.accept(row);
      }
      nextRowNanos = Math.max(nextRowNanos + SECOND_NANOS, now);
    }
  }

  /** Events of which nothing has been heard yet. */
  long waiting() {
    return judge.accounts().count(Fate.UNACCOUNTED);
  }

  boolean hasReadAll() {
    return judge.isAtEnd();
  }

  /** Reads what is there, so that nothing is missing only because it was not looked at. */
  void catchUp() {
    if (!judge.catchUp(CATCH_UP_LIMIT)) {
      throw SandboxException.failure(
          "what the run has written cannot be read within %d s: the machine is too busy to measure"
              .formatted(CATCH_UP_LIMIT.toSeconds()));
    }
  }

  /** Time since the first event was to be sent; zero before. */
  Duration elapsed() {
    return judge.accounts().firstSentMillis().stream()
        .mapToObj(start -> Duration.ofMillis(System.currentTimeMillis() - start))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  /**
   * @param failure see {@link RunResult}
   */
  RunResult result(String failure) {
    Accounts accounts = judge.accounts();
    Verdict verdict = Verdict.of(accounts, plan);
    Histogram lag = judge.generatorLag();
    return new RunResult(
        variant,
        plan,
        verdict,
        Timeline.of(accounts, verdict.startMillis(), Duration.ofSeconds(1)),
        List.copyOf(samples),
        judge.critical().missing(MISSING_LISTED),
        judge.critical().missing(),
        new GeneratorLag(
            Verdict.percentile(lag, 50), Verdict.percentile(lag, 99), Verdict.percentile(lag, 100)),
        drain(accounts, verdict.startMillis() + plan.duration().toMillis()),
        accounts,
        failure);
  }

  private LiveRow row(JobMetrics metrics, long nowNanos) {
    Accounts accounts = judge.accounts();
    Duration elapsed = elapsed();
    return new LiveRow(
        variant.name(),
        elapsed,
        stage(elapsed),
        rates.since(
            priority ->
                new LiveRates.Totals(
                    accounts.produced(priority),
                    accounts.count(priority, Fate.DELIVERED),
                    accounts.rejected(priority),
                    accounts.count(priority, Fate.DEFERRED)),
            judge.latencies(),
            nowNanos),
        metrics,
        waiting());
  }

  private String stage(Duration elapsed) {
    return elapsed.compareTo(plan.duration()) > 0
        ? "draining"
        : plan.stages().get(plan.stageAt(elapsed.toMillis())).name();
  }

  private static Duration drain(Accounts accounts, long endMillis) {
    long[] last = {endMillis};
    accounts.forEach(
        (priority, fate, sent, done) -> {
          if (fate == Fate.DELIVERED) {
            last[0] = Math.max(last[0], done);
          }
        });
    return Duration.ofMillis(last[0] - endMillis);
  }
}
