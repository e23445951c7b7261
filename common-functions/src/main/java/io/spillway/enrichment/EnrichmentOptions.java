package io.spillway.enrichment;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * How another system is asked, and for how long. Immutable; the constructor refuses what cannot
 * work.
 *
 * @param budget time of a question, over all attempts and the waits between them
 * @param attempts how often a question is asked at most
 * @param backoffBase longest wait before the second attempt; it doubles with each further one
 * @param backoffCap longest wait before any attempt
 * @param bulkhead questions that wait for an answer at a time, for each subtask and lane
 * @param breakerWindow attempts that the circuit breaker goes by
 * @param breakerThreshold share of them that fail, or are slow, at which it opens
 * @param breakerOpenFor how long it stays open before it tries again
 * @param breakerTrials attempts it then tries with
 * @param slowCall answers that take longer count as slow
 * @param breakerWarmUp time after the first attempt in which slowness does not count
 * @param cacheSize answers kept for when there are none, for each subtask and lane
 * @param maxStaleness age up to which they may be used
 */
public record EnrichmentOptions(
    Duration budget,
    int attempts,
    Duration backoffBase,
    Duration backoffCap,
    int bulkhead,
    int breakerWindow,
    double breakerThreshold,
    Duration breakerOpenFor,
    int breakerTrials,
    Duration slowCall,
    Duration breakerWarmUp,
    int cacheSize,
    Duration maxStaleness)
    implements Serializable {
  private static final Duration LONGEST_BUDGET = Duration.ofMinutes(10);
  private static final Duration LONGEST_OPEN = Duration.ofHours(1);
  private static final Duration LONGEST_STALENESS = Duration.ofDays(30);
  private static final int MOST_ATTEMPTS = 20;
  private static final int MOST_IN_FLIGHT = 100_000;
  private static final int LARGEST_WINDOW = 10_000;
  private static final int LARGEST_CACHE = 10_000_000;

  private static final ConfigOption<Duration> BUDGET =
      ConfigOptions.key("enrichment.budget")
          .durationType()
          .defaultValue(Duration.ofMillis(500))
          .withDescription(
              "Time for an answer, over all attempts and the waits between them. After it, events"
                  + " go on with an earlier answer or none.");
  private static final ConfigOption<Integer> ATTEMPTS =
      ConfigOptions.key("enrichment.attempts")
          .intType()
          .defaultValue(3)
          .withDescription(
              "How often a question is asked at most. Each attempt may take its share of the time"
                  + " that is left.");
  private static final ConfigOption<Duration> BACKOFF_BASE =
      ConfigOptions.key("enrichment.backoff.base")
          .durationType()
          .defaultValue(Duration.ofMillis(20))
          .withDescription(
              "Longest wait before the second attempt, doubled for each further one; the wait is a"
                  + " random share of it.");
  private static final ConfigOption<Duration> BACKOFF_CAP =
      ConfigOptions.key("enrichment.backoff.cap")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription("Longest wait before any attempt.");
  private static final ConfigOption<Integer> BULKHEAD =
      ConfigOptions.key("enrichment.bulkhead")
          .intType()
          .defaultValue(100)
          .withDescription(
              "Questions that wait for an answer at a time, for each subtask and lane. With so many"
                  + " the lane waits, and no other one.");
  private static final ConfigOption<Integer> BREAKER_WINDOW =
      ConfigOptions.key("enrichment.breaker.window")
          .intType()
          .defaultValue(50)
          .withDescription("Attempts that the circuit breaker goes by, the latest ones.");
  private static final ConfigOption<Double> BREAKER_THRESHOLD =
      ConfigOptions.key("enrichment.breaker.threshold")
          .doubleType()
          .defaultValue(0.5)
          .withDescription(
              "Share of failed attempts, or of slow ones, at which the breaker opens: from then on"
                  + " nobody is asked and events go on at once with an earlier answer or none.");
  private static final ConfigOption<Duration> BREAKER_OPEN_FOR =
      ConfigOptions.key("enrichment.breaker.open-for")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription("How long the breaker stays open before it tries again.");
  private static final ConfigOption<Integer> BREAKER_TRIALS =
      ConfigOptions.key("enrichment.breaker.trials")
          .intType()
          .defaultValue(5)
          .withDescription("Attempts it then tries with, before it closes or opens again.");
  private static final ConfigOption<Duration> SLOW_CALL =
      ConfigOptions.key("enrichment.breaker.slow-call")
          .durationType()
          .defaultValue(Duration.ofMillis(150))
          .withDescription("Answers that take longer than this count as slow.");
  private static final ConfigOption<Duration> BREAKER_WARM_UP =
      ConfigOptions.key("enrichment.breaker.warm-up")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "For this long after the first attempt, while connections are made, the breaker leaves"
                  + " out what is slow or does not come in time; failures count from the beginning."
                  + " 0: none.");
  private static final ConfigOption<Integer> CACHE_SIZE =
      ConfigOptions.key("enrichment.cache.size")
          .intType()
          .defaultValue(10_000)
          .withDescription(
              "Answers kept for when there are none, for each subtask and lane. 0: none.");
  private static final ConfigOption<Duration> MAX_STALENESS =
      ConfigOptions.key("enrichment.cache.max-staleness")
          .durationType()
          .defaultValue(Duration.ofMinutes(10))
          .withDescription("Age up to which a kept answer may be used.");

  /** Every option of enrichment. */
  public static final List<ConfigOption<?>> OPTIONS =
      List.of(
          BUDGET,
          ATTEMPTS,
          BACKOFF_BASE,
          BACKOFF_CAP,
          BULKHEAD,
          BREAKER_WINDOW,
          BREAKER_THRESHOLD,
          BREAKER_OPEN_FOR,
          BREAKER_TRIALS,
          SLOW_CALL,
          BREAKER_WARM_UP,
          CACHE_SIZE,
          MAX_STALENESS);

  public EnrichmentOptions {
    requireDuration(BUDGET, budget, Duration.ofMillis(1), LONGEST_BUDGET);
    requireNumber(ATTEMPTS, attempts, 1, MOST_ATTEMPTS);
    requireDuration(BACKOFF_BASE, backoffBase, Duration.ZERO, LONGEST_BUDGET);
    requireDuration(BACKOFF_CAP, backoffCap, backoffBase, LONGEST_BUDGET);
    requireNumber(BULKHEAD, bulkhead, 1, MOST_IN_FLIGHT);
    requireNumber(BREAKER_WINDOW, breakerWindow, 1, LARGEST_WINDOW);
    if (!(breakerThreshold > 0 && breakerThreshold <= 1)) {
      throw new InvalidSettings(
          BREAKER_THRESHOLD.key(), breakerThreshold, "write a share above 0, at most 1");
    }
    requireDuration(BREAKER_OPEN_FOR, breakerOpenFor, Duration.ofMillis(1), LONGEST_OPEN);
    requireNumber(BREAKER_TRIALS, breakerTrials, 1, LARGEST_WINDOW);
    requireDuration(SLOW_CALL, slowCall, Duration.ofMillis(1), LONGEST_BUDGET);
    requireDuration(BREAKER_WARM_UP, breakerWarmUp, Duration.ZERO, LONGEST_OPEN);
    requireNumber(CACHE_SIZE, cacheSize, 0, LARGEST_CACHE);
    requireDuration(MAX_STALENESS, maxStaleness, Duration.ofMillis(1), LONGEST_STALENESS);
  }

  /**
   * Reads the options from a job's settings.
   *
   * @throws InvalidSettings naming the key, the value and the fix
   */
  public static EnrichmentOptions from(Settings settings) {
    return new EnrichmentOptions(
        settings.get(BUDGET),
        settings.get(ATTEMPTS),
        settings.get(BACKOFF_BASE),
        settings.get(BACKOFF_CAP),
        settings.get(BULKHEAD),
        settings.get(BREAKER_WINDOW),
        settings.get(BREAKER_THRESHOLD),
        settings.get(BREAKER_OPEN_FOR),
        settings.get(BREAKER_TRIALS),
        settings.get(SLOW_CALL),
        settings.get(BREAKER_WARM_UP),
        settings.get(CACHE_SIZE),
        settings.get(MAX_STALENESS));
  }

  private static void requireNumber(ConfigOption<?> option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidSettings(
          option.key(), value, "write a number from %d to %d".formatted(least, most));
    }
  }

  private static void requireDuration(
      ConfigOption<?> option, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidSettings(
          option.key(),
          value.toMillis() + "ms",
          "write a duration from %dms to %ds".formatted(least.toMillis(), most.toSeconds()));
    }
  }
}
