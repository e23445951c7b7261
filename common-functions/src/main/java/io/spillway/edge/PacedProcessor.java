package io.spillway.edge;

import io.spillway.quota.Quota;
import io.spillway.quota.TokenBucket;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes elements on as they are, and asks for them no faster than a rate: {@code request(n)}
 * upstream is what downstream has asked for, as far as the rate has permits (a {@link TokenBucket}
 * with a fiftieth of a second as burst). So it is the upstream that slows down, and nothing is
 * buffered or dropped here. The rate is asked for again at each look, some times a second at least;
 * infinite is no limit.
 *
 * <p>One upstream, one subscriber, which may come in any order; a second subscriber gets an error.
 * Follows the rules of Reactive Streams (java.util.concurrent.Flow). Signals may come from any
 * thread; downstream gets its own one after the other, from the thread of the upstream, of its own
 * request, or of the timer, where requests are made when permits come.
 *
 * @param <T> type of the elements
 */
public final class PacedProcessor<T> implements Flow.Processor<T, T> {
  private static final Duration BURST = Duration.ofMillis(20);
  private static final Logger LOG = LoggerFactory.getLogger(PacedProcessor.class);

  /** Elements asked for and not come yet; no more, for what is asked for cannot be taken back. */
  private static final int MOST_OUTSTANDING = 256;

  private static final long SOONEST_NANOS = 2_000_000;
  private static final long LATEST_NANOS = 100_000_000;

  private final DoubleSupplier ratePerSecond;
  private final ScheduledExecutorService timer;
  private final Queue<Runnable> signals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean waiting = new AtomicBoolean();

  // Below: only touched by whoever works off the signals, one at a time.
  private final TokenBucket permits = new TokenBucket(0, System.nanoTime());
  private Flow.Subscription upstream;
  private Flow.Subscriber<? super T> subscriber;
  private Throwable failure;
  private boolean ended;
  private boolean done;
  private boolean taken;
  private long demand;
  private int outstanding;

  /**
   * @param ratePerSecond elements per second, from 0 to infinite; asked from any thread, must not
   *     block
   * @param timer wakes it up when there are permits; when it is shut down, the processor stops
   */
  public PacedProcessor(DoubleSupplier ratePerSecond, ScheduledExecutorService timer) {
    this.ratePerSecond = Objects.requireNonNull(ratePerSecond);
    this.timer = Objects.requireNonNull(timer);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> next) {
    Objects.requireNonNull(next);
    signal(() -> begin(next));
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription);
    signal(
        () -> {
          if (upstream != null || done) {
            subscription.cancel();
          } else {
            upstream = subscription;
            ask();
          }
        });
  }

  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element);
    signal(
        () -> {
          outstanding--;
          if (!done && subscriber != null) {
            subscriber.onNext(element);
          }
          if (outstanding <= MOST_OUTSTANDING / 2) {
            ask();
          }
        });
  }

  @Override
  public void onError(Throwable cause) {
    Objects.requireNonNull(cause);
    signal(() -> end(cause));
  }

  @Override
  public void onComplete() {
    signal(() -> end(null));
  }

  private void begin(Flow.Subscriber<? super T> next) {
    if (taken) {
      next.onSubscribe(new NoSubscription());
      next.onError(new IllegalStateException("a paced processor has one subscriber"));
      return;
    }
    taken = true;
    subscriber = next;
    next.onSubscribe(new Downstream());
    if (ended) {
      tellEnd();
    }
  }

  private void end(Throwable cause) {
    if (ended) {
      return;
    }
    ended = true;
    failure = cause;
    if (subscriber != null) {
      tellEnd();
    }
  }

  private void tellEnd() {
    if (done) {
      return;
    }
    done = true;
    if (failure == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(failure);
    }
    subscriber = null;
  }

  /** Requests what is wanted and permitted; comes back later for the rest. */
  private void ask() {
    long wanted = Math.min(demand, MOST_OUTSTANDING - outstanding);
    if (upstream == null || done || ended || wanted <= 0) {
      return;
    }
    double rate = ratePerSecond.getAsDouble();
    if (rate == Double.POSITIVE_INFINITY) {
      request(wanted);
      return;
    }
    Quota quota = Quota.of(Math.max(0, rate), BURST);
    long now = System.nanoTime();
    long granted = permits.take(quota, wanted, now);
    long wait = permits.nanosUntilOne(quota, now);
    if (granted > 0) {
      request(granted);
    }
    if (granted < wanted) {
      wakeUp(Math.max(SOONEST_NANOS, Math.min(LATEST_NANOS, wait)));
    }
  }

  private void request(long elements) {
    if (demand < Long.MAX_VALUE) {
      demand -= elements;
    }
    outstanding += (int) elements;
    upstream.request(elements);
  }

  private void wakeUp(long nanos) {
    if (waiting.compareAndSet(false, true)) {
      try {
        timer.schedule(this::wake, nanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // Shut down: what has been asked for still comes, and nothing is asked for any more.
        waiting.set(false);
      }
    }
  }

  private void wake() {
    waiting.set(false);
    signal(this::ask);
  }

  /** Works off signals one after the other, in whichever thread came first. */
  private void signal(Runnable signal) {
    signals.add(signal);
    if (pending.getAndIncrement() != 0) {
      return;
    }
    do {
      try {
        signals.poll().run();
      } catch (RuntimeException e) {
        // Rule 2.13: a subscriber that throws counts as one that has cancelled.
        LOG.warn("A subscriber failed", e);
        done = true;
        subscriber = null;
        cancelUpstream();
      }
    } while (pending.decrementAndGet() != 0);
  }

  private final class Downstream implements Flow.Subscription {
    @Override
    public void request(long elements) {
      signal(
          () -> {
            if (done) {
              return;
            }
            if (elements <= 0) {
              cancelUpstream();
              end(new IllegalArgumentException("request(" + elements + "): must be above 0 (3.9)"));
              return;
            }
            demand = demand + elements < 0 ? Long.MAX_VALUE : demand + elements;
            ask();
          });
    }

    @Override
    public void cancel() {
      signal(
          () -> {
            if (!done) {
              done = true;
              subscriber = null;
              cancelUpstream();
            }
          });
    }
  }

  private void cancelUpstream() {
    if (upstream != null && !ended) {
      upstream.cancel();
    }
  }

  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long elements) {
      // There is nothing to come.
    }

    @Override
    public void cancel() {
      // There is nothing to end.
    }
  }
}
