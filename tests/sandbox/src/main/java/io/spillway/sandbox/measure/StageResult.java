package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import java.util.Map;

/**
 * What one stage of the load came to. An event belongs to the stage of its intended send time; a
 * rate of results belongs to the stage in which they came out.
 *
 * @param offeredPerSecond events produced for this stage, per second of it
 * @param goodputPerSecond results that came out during the stage, each event counted once
 * @param timelyPerSecond those of them that came out within {@link Verdict#TIMELY} of their
 *     intended send time
 */
public record StageResult(
    String name,
    double offeredPerSecond,
    double goodputPerSecond,
    double timelyPerSecond,
    Map<Priority, PriorityResult> priorities) {

  public PriorityResult of(Priority priority) {
    return priorities.get(priority);
  }

  /**
   * The events of one priority in one stage. Latency in milliseconds, from intended send time to
   * the broker's stamp on the first result; NaN where nothing was delivered.
   *
   * @param fates number of events by fate; they add up to {@code produced}
   */
  public record PriorityResult(
      long produced,
      long delivered,
      double p50Millis,
      double p99Millis,
      double maxMillis,
      Map<Fate, Long> fates) {

    /** Events that admission turned away. */
    public long rejected() {
      return fates.entrySet().stream()
          .filter(e -> e.getKey().isRejection())
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }
}
