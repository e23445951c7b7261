package io.spillway.jobs.retention;

import io.spillway.metrics.SpillwayMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures again and again how it stands with the deferred events of a job, on a thread of its own,
 * and shows the last measurement as metrics. A measurement that fails is logged, once until one
 * succeeds; the metrics are NaN (not known) before the first, and when the last is old. Nothing
 * here fails a job.
 */
final class DeferredWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredWatch.class);

  /** While the ledger is read for the first time: let others have their turn. */
  private static final Duration BREATH = Duration.ofMillis(100);

  /** A measurement is shown for as many intervals. */
  private static final int VALID_INTERVALS = 10;

  private static final Duration END_LIMIT = Duration.ofSeconds(1);

  /** Measures. Made, called and closed by one thread. */
  interface Measuring extends AutoCloseable {
    /** Empty while the ledger has not been read to its end. */
    Optional<DeferredState> measure() throws Exception;

    /** Any thread may call this: a measurement that is under way ends soon, with an exception. */
    void interrupt();

    @Override
    void close();
  }

  private record Measured(DeferredState state, long atNanos) {}

  private final Supplier<? extends Measuring> measurings;
  private final Duration interval;
  private final Clock clock;
  private final Thread thread = new Thread(this::run, "deferred-watch");
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Measuring measuring;
  private volatile Measured last;
  private boolean isFailing;

  /**
   * @param measurings where to get one, when it is needed; a new one after a failure to get one
   * @param classes what the thread loads classes with
   */
  DeferredWatch(
      Supplier<? extends Measuring> measurings,
      Duration interval,
      Clock clock,
      ClassLoader classes) {
    this.measurings = measurings;
    this.interval = interval;
    this.clock = clock;
    thread.setDaemon(true);
    thread.setContextClassLoader(classes);
  }

  void start(SpillwayMetrics metrics) {
    metrics.deferredEvents(() -> shown(DeferredState::open));
    metrics.deferredOldestSeconds(() -> shown(DeferredState::oldestSeconds));
    metrics.deferredRetentionSeconds(() -> shown(DeferredState::retentionSeconds));
    metrics.deferredRetentionLeft(() -> shown(DeferredState::retentionLeft));
    metrics.deferredEventsGone(() -> shown(DeferredState::gone));
    thread.start();
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = measure() ? interval : BREATH;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (measuring != null) {
        measuring.close();
      }
    }
  }

  /** Returns whether the next measurement has time. */
  private boolean measure() {
    try {
      if (measuring == null) {
        measuring = measurings.get();
      }
      Optional<DeferredState> state = measuring.measure();
      state.ifPresent(now -> last = new Measured(now, clock.relativeTimeNanos()));
      isFailing = false;
      return state.isPresent();
    } catch (Exception e) {
      if (!isFailing && ended.getCount() > 0) {
        LOG.warn("deferred events cannot be measured now, and their metrics go stale", e);
      }
      isFailing = true;
      return true;
    }
  }

  private double shown(ToDoubleFunction<DeferredState> of) {
    Measured measured = last;
    long validNanos = VALID_INTERVALS * interval.toNanos();
    boolean isKnown = measured != null && clock.relativeTimeNanos() - measured.atNanos < validNanos;
    return isKnown ? of.applyAsDouble(measured.state) : Double.NaN;
  }

  @Override
  public void close() {
    ended.countDown();
    if (measuring != null) {
      measuring.interrupt();
    }
    try {
      thread.join(END_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
