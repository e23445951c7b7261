package io.spillway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacedProcessorTest {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<String> seen = new ArrayList<>();
  private volatile double rate;
  private volatile long requested;
  private boolean cancelled;
  private Flow.Subscription downstream;
  private final PacedProcessor<String> processor = new PacedProcessor<>(() -> rate, timer);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void asksForNothingWhereNothingMayComeAndGoesOnWhenItMay() throws Exception {
    rate = 0;
    connect();
    downstream.request(10);
    assertThat(requested).isZero();
    rate = 1e6;
    awaitRequested(10);
    assertThat(requested).isEqualTo(10);
  }

  @Test
  void neverHasMoreOutstandingThanCanBeTakenBackSoon() {
    rate = Double.POSITIVE_INFINITY;
    connect();
    downstream.request(Long.MAX_VALUE);
    long first = requested;
    assertThat(first).isBetween(1L, 1_000L);
    for (int i = 0; i < 10 * first; i++) {
      processor.onNext("e");
    }
    assertThat(seen).hasSize((int) (10 * first));
    assertThat(requested).isBetween(10 * first, 11 * first);
    rate = 0;
    long before = requested;
    for (int i = 0; i < first; i++) {
      processor.onNext("e");
    }
    assertThat(requested).isEqualTo(before);
  }

  @Test
  void inASecondNoMoreIsAskedForThanTheRateAndItsBurst() throws Exception {
    rate = 5_000;
    connect();
    long begin = System.nanoTime();
    downstream.request(200);
    awaitRequested(200);
    double seconds = (System.nanoTime() - begin) / 1e9;
    // Permits were saved up from when the processor was made, for a burst of 20 ms at most.
    assertThat(200.0).isLessThanOrEqualTo(5_000 * (seconds + 0.02) + 1);
  }

  @Test
  void aSubscriberThatThrowsCountsAsOneThatHasCancelled() {
    rate = Double.POSITIVE_INFINITY;
    connect();
    downstream.request(2);
    processor.onNext("throw");
    processor.onNext("e");
    assertThat(seen).isEmpty();
    assertThat(cancelled).isTrue();
  }

  private void awaitRequested(long elements) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (requested < elements && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(requested).isEqualTo(elements);
  }

  private void connect() {
    processor.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            requested += n;
          }

          @Override
          public void cancel() {
            cancelled = true;
          }
        });
    processor.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            downstream = subscription;
          }

          @Override
          public void onNext(String element) {
            if (element.equals("throw")) {
              throw new IllegalStateException("on purpose");
            }
            seen.add(element);
          }

          @Override
          public void onError(Throwable cause) {
            seen.add("error");
          }

          @Override
          public void onComplete() {
            seen.add("end");
          }
        });
  }
}
