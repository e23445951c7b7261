package io.spillway.jobs.transactions;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;

/**
 * Which events the current key has seen, each remembered for at least the time to live and at most
 * twice as long. Ids are in two generations: all of a generation are forgotten at once, so there is
 * one timer for a key and generation and not one for each id.
 *
 * <p>Time is event time, not the clock of the machine: state that the clock expires is forgotten
 * while a job is down, or so far behind that the second copy still waits in Kafka, which is just
 * when copies come. So a job may be down for any time, and a replay of the same records decides the
 * same. An event older than the watermark counts as of the watermark. For one task thread.
 */
final class SeenEvents {
  /** How long events are remembered, and which generation that makes. */
  record Rule(long ttlMillis) implements Serializable {
    Rule(Duration ttl) {
      this(ttl.toMillis());
    }

    Rule {
      if (ttlMillis < 1) {
        throw new IllegalArgumentException("ttlMillis must be at least 1: " + ttlMillis);
      }
    }

    long generation(long timeMillis) {
      return Math.floorDiv(timeMillis, ttlMillis);
    }

    /** When no event of this generation has to be remembered any more. */
    long endMillis(long generation) {
      return (generation + 2) * ttlMillis;
    }
  }

  private final Rule rule;
  private final ValueState<Long> newest;
  private final MapState<String, Boolean> even;
  private final MapState<String, Boolean> odd;

  SeenEvents(Rule rule, RuntimeContext context) {
    this.rule = rule;
    newest = context.getState(new ValueStateDescriptor<>("seen-generation", Types.LONG));
    even = context.getMapState(generation("seen-even"));
    odd = context.getMapState(generation("seen-odd"));
  }

  private static MapStateDescriptor<String, Boolean> generation(String name) {
    return new MapStateDescriptor<>(name, Types.STRING, Types.BOOLEAN);
  }

  /** Whether this is the first time; from now on it is not. */
  boolean isFirst(String identity, long timeMillis, TimerService timers) throws Exception {
    long generation = rule.generation(Math.max(timeMillis, timers.currentWatermark()));
    Long known = newest.value();
    if (known == null || generation > known) {
      enter(generation, known, timers);
    } else {
      generation = known;
    }
    if (even.contains(identity) || odd.contains(identity)) {
      return false;
    }
    ids(generation).put(identity, true);
    return true;
  }

  private void enter(long generation, Long known, TimerService timers) throws Exception {
    if (known != null) {
      ids(generation).clear();
      if (generation > known + 1) {
        ids(generation - 1).clear();
      }
    }
    newest.update(generation);
    timers.registerEventTimeTimer(rule.endMillis(generation));
  }

  /**
   * Forgets what is old; to be called when a timer fires.
   *
   * @return whether nothing is left, because the key has had no event for as long
   */
  boolean forget(long timerMillis) throws Exception {
    Long known = newest.value();
    if (known == null) {
      return true;
    }
    long ended = rule.generation(timerMillis) - 2;
    if (known <= ended) {
      even.clear();
      odd.clear();
      newest.clear();
      return true;
    }
    if (known == ended + 1) {
      ids(ended).clear();
    }
    return false;
  }

  private MapState<String, Boolean> ids(long generation) {
    return Math.floorMod(generation, 2L) == 0 ? even : odd;
  }
}
