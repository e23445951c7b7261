package io.spillway.admission;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.Map;

/**
 * Which events come too late to be worth anything: past their own deadline ({@code ce_expirytime}),
 * or longer in Kafka than events of their priority may be. Times in milliseconds since the epoch.
 * Pure; thread safe.
 */
final class Deadlines {
  private static final long NONE = Long.MAX_VALUE;

  private final long[] maxAgeMillis = new long[Priority.COUNT];

  /**
   * @param maxAges by priority; a priority without one, or with one of zero, has no maximum
   */
  Deadlines(Map<Priority, Duration> maxAges) {
    for (Priority priority : Priority.values()) {
      long millis = maxAges.getOrDefault(priority, Duration.ZERO).toMillis();
      maxAgeMillis[priority.ordinal()] = millis == 0 ? NONE : millis;
    }
  }

  /** Whether an event of this priority can expire at all: the clock need not be read if not. */
  boolean apply(Priority priority, long expiryMillis) {
    return expiryMillis != NONE || maxAgeMillis[priority.ordinal()] != NONE;
  }

  /**
   * Whether it is too late for an event.
   *
   * @param expiryMillis its own deadline; {@code Long.MAX_VALUE} for none
   * @param timestampMillis when it came into Kafka; negative where that is not known
   */
  boolean passed(Priority priority, long expiryMillis, long timestampMillis, long nowMillis) {
    return expiryMillis <= nowMillis
        || timestampMillis >= 0 && nowMillis - timestampMillis > maxAgeMillis[priority.ordinal()];
  }
}
