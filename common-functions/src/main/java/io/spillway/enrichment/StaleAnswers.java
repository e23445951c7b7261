package io.spillway.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * The latest answers, for when there are none: bounded in number and age. Never asked while the
 * service answers. Safe for many threads.
 */
final class StaleAnswers<A> {
  private final Cache<Object, A> answers;

  StaleAnswers(EnrichmentOptions options, Delays delays) {
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
      answers.put(key, answer);
    }
  }

  /** The latest answer of this key, null without one that is young enough. */
  A find(Object key) {
    return key == null ? null : answers.getIfPresent(key);
  }
}
