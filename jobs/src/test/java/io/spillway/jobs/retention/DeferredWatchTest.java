package io.spillway.jobs.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.metrics.SpillwayMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread of a watch, which measures what a test hands it. */
class DeferredWatchTest {
  private static final DeferredState STATE = new DeferredState(7, 60, 3_600, 0.5, 2);
  private static final Duration INTERVAL = Duration.ofMillis(1);

  /** What {@code measure} does next. */
  private interface Step {
    Optional<DeferredState> take() throws IOException;
  }

  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> begun = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ManualClock clock = new ManualClock();
  private final Map<String, Gauge<?>> gauges = new HashMap<>();
  private final DeferredWatch watch =
      new DeferredWatch(Scripted::new, INTERVAL, clock, DeferredWatchTest.class.getClassLoader());

  @AfterEach
  void end() {
    watch.close();
  }

  @Test
  void showsTheLastMeasurement() throws Exception {
    start();
    assertThat(shown()).as("nothing is known yet").containsOnly(Map.entry("all", Double.NaN));
    next(() -> Optional.of(STATE));
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS)).isEqualTo(7);
    assertThat(gauge(SpillwayMetrics.DEFERRED_OLDEST_SECONDS)).isEqualTo(60);
    assertThat(gauge(SpillwayMetrics.DEFERRED_RETENTION_SECONDS)).isEqualTo(3_600);
    assertThat(gauge(SpillwayMetrics.DEFERRED_RETENTION_LEFT)).isEqualTo(0.5);
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS_GONE)).isEqualTo(2);
  }

  @Test
  void aLedgerThatIsNotReadToItsEndIsNotShown() throws Exception {
    start();
    next(Optional::empty);
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS)).isNaN();
  }

  @Test
  void goesOnWhenTheBrokerWasAwayAndShowsNothingOld() throws Exception {
    start();
    next(() -> Optional.of(STATE));
    next(
        () -> {
          throw new IOException("no broker");
        });
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS)).isEqualTo(7);
    clock.advanceTime(INTERVAL.multipliedBy(10));
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS)).isNaN();
    next(() -> Optional.of(STATE));
    assertThat(gauge(SpillwayMetrics.DEFERRED_EVENTS)).isEqualTo(7);
  }

  @Test
  void endsWithAMeasurementUnderWay() throws Exception {
    start();
    begun.take();
    watch.close();
    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWatchThatNeverStartedCanBeClosed() {
    watch.close();
    assertThat(begun).isEmpty();
  }

  private void start() {
    MetricGroup group =
        new UnregisteredMetricsGroup() {
          @Override
          public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(name, gauge);
            return gauge;
          }
        };
    watch.start(new SpillwayMetrics(group));
  }

  /** Has this measured, and waits until it is: the next one has begun. */
  private void next(Step step) throws InterruptedException {
    begun.take();
    steps.put(step);
    begun.take();
    begun.put(true);
  }

  private Map<String, Double> shown() {
    Map<String, Double> shown = new HashMap<>();
    gauges.values().forEach(gauge -> shown.put("all", (Double) gauge.getValue()));
    return shown;
  }

  private double gauge(String name) {
    return (Double) gauges.get(name).getValue();
  }

  private final class Scripted implements DeferredWatch.Measuring {
    private volatile Thread thread;

    @Override
    public Optional<DeferredState> measure() throws IOException {
      thread = Thread.currentThread();
      begun.add(true);
      try {
        return steps.take().take();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
