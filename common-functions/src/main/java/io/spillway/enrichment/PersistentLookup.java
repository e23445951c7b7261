package io.spillway.enrichment;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Asks a {@link Lookup} as often as time and breaker allow, and always comes back with something
 * within the budget: an answer, an old one, or the reason why there is none. No thread waits: an
 * attempt is a future, the time until the next one an alarm. Safe for many threads.
 */
final class PersistentLookup<Q, A> {
  /** Told of what happens, from any thread. */
  interface Watcher {
    void called();

    void retried();

    /** An attempt is over, with an answer or without. */
    void ended(long nanos);
  }

  private final EnrichmentOptions options;
  private final Lookup<Q, A> lookup;
  private final Breaker breaker;
  private final StaleAnswers<A> answers;
  private final Backoff backoff;
  private final Delays delays;
  private final DoubleSupplier random;
  private final Watcher watcher;

  PersistentLookup(
      EnrichmentOptions options,
      Lookup<Q, A> lookup,
      Breaker breaker,
      Delays delays,
      DoubleSupplier random,
      Watcher watcher) {
    this.options = options;
    this.lookup = lookup;
    this.breaker = breaker;
    this.answers = new StaleAnswers<>(options, delays);
    this.backoff = new Backoff(options.backoffBase(), options.backoffCap());
    this.delays = delays;
    this.random = random;
    this.watcher = watcher;
  }

  /**
   * @param staleKey null where no earlier answer can stand in
   * @param then told once, by any thread, this one too
   */
  void ask(Q question, Object staleKey, Consumer<Found<A>> then) {
    new Asking(question, staleKey, then).nextAttempt();
  }

  /** One question on its way. Its steps follow each other, on changing threads. */
  private final class Asking {
    private final Q question;
    private final Object staleKey;
    private final Consumer<Found<A>> then;
    private final TimeBudget budget =
        new TimeBudget(delays.nanoTime(), options.budget().toNanos(), options.attempts());
    private int attempt;

    Asking(Q question, Object staleKey, Consumer<Found<A>> then) {
      this.question = question;
      this.staleKey = staleKey;
      this.then = then;
    }

    void nextAttempt() {
      if (budget.leftNanos(delays.nanoTime()) == 0) {
        fallBack(Answered.TIMEOUT);
        return;
      }
      if (!breaker.tryEnter()) {
        fallBack(Answered.BREAKER_OPEN);
        return;
      }
      attempt++;
      watcher.called();
      if (attempt > 1) {
        watcher.retried();
      }
      long start = delays.nanoTime();
      long nanos = budget.attemptNanos(attempt, start);
      CompletableFuture<A> answer = begin(Duration.ofNanos(nanos));
      AtomicBoolean over = new AtomicBoolean();
      Delays.Alarm alarm =
          delays.after(
              nanos,
              () -> {
                if (over.compareAndSet(false, true)) {
                  failed(start, new LookupFailure(LookupFailure.Kind.TIMEOUT, "no answer in time"));
                  answer.cancel(true);
                }
              });
      answer.whenComplete(
          (found, failure) -> {
            if (over.compareAndSet(false, true)) {
              alarm.cancel();
              if (failure == null && found != null) {
                succeeded(start, found);
              } else {
                failed(start, failure == null ? noAnswer() : failure);
              }
            }
          });
    }

    /** Whatever a lookup does instead of answering is a failure of the attempt, none of ours. */
    private CompletableFuture<A> begin(Duration deadline) {
      try {
        CompletionStage<A> answer = lookup.ask(question, deadline);
        CompletableFuture<A> future = answer == null ? null : answer.toCompletableFuture();
        return future == null ? CompletableFuture.failedFuture(noAnswer()) : future;
      } catch (Exception | LinkageError | StackOverflowError e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private void succeeded(long start, A answer) {
      watcher.ended(delays.nanoTime() - start);
      breaker.succeeded(start);
      answers.keep(staleKey, answer);
      then.accept(Found.fresh(answer));
    }

    private void failed(long start, Throwable failure) {
      LookupFailure.Kind kind = LookupFailure.kindOf(failure);
      long now = delays.nanoTime();
      watcher.ended(now - start);
      if (kind == LookupFailure.Kind.REFUSED) {
        breaker.succeeded(start);
      } else {
        breaker.failed(start, kind, failure);
      }
      long wait = backoff.delayNanos(attempt, random.getAsDouble());
      if (kind.worthAnotherAttempt() && budget.allowsAnother(attempt, wait, now)) {
        delays.after(wait, this::nextAttempt);
      } else {
        fallBack(kind.answered());
      }
    }

    private void fallBack(Answered reason) {
      then.accept(answers.findOr(staleKey, reason));
    }
  }

  private static LookupFailure noAnswer() {
    return new LookupFailure(LookupFailure.Kind.BAD_ANSWER, "the answer is null");
  }
}
