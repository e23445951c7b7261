package io.spillway.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;

/**
 * The latest answers, for when there are none: bounded in number and age. Never asked while the
 * service answers. Safe for many threads.
 */
final class StaleAnswers<A> {
  private record Kept<A>(A answer, long nanos) {}

  private final Cache<Object, Kept<A>> answers;
  private final Delays delays;

  StaleAnswers(EnrichmentOptions options, Delays delays) {
    this.delays = delays;
    answers =
        Caffeine.newBuilder()
            .maximumSize(options.cacheSize())
            .expireAfterWrite(options.maxStaleness())
            .ticker(delays::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /**
   * @param key null for an answer that cannot stand in for another
   */
  void keep(Object key, A answer) {
    if (key != null) {
      answers.put(key, new Kept<>(answer, delays.nanoTime()));
    }
  }

  /** The latest answer of this key with its age; where none is young enough, what is missing. */
  Found<A> findOr(Object key, Answered missing) {
    Kept<A> kept = key == null ? null : answers.getIfPresent(key);
    if (kept == null) {
      return Found.nothing(missing);
    }
    long ageNanos = Math.max(0, delays.nanoTime() - kept.nanos());
    return new Found<>(kept.answer(), Answered.STALE, TimeUnit.NANOSECONDS.toMillis(ageNanos));
  }
}
