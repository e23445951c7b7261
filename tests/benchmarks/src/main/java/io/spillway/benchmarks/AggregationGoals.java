package io.spillway.benchmarks;

import io.spillway.benchmarks.truth.AggregationJob;
import io.spillway.benchmarks.truth.AggregationJob.Variant;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * M20 and M21: how fast windows are. M20 is one hot key, summed up before the shuffle and not; M21
 * is as many keys as events against ten thousand, where every event is a read and a write of state.
 */
final class AggregationGoals implements Measurement {
  private static final long FEW_KEYS = 10_000;
  private static final double USUAL_RATE = 50_000;
  private static final double LOCAL_RATE = 1_000_000;

  /** Enough for the compiler of the JVM. */
  private static final long WARM_UP_EVENTS = 300_000;

  private final boolean hotKey;
  private final boolean manyKeys;
  private final int rounds;
  private final long hotEvents;
  private final long keys;

  /**
   * @param ids the goals that are asked for
   */
  AggregationGoals(Set<String> ids, boolean quick) {
    this.hotKey = ids.contains("M20");
    this.manyKeys = ids.contains("M21");
    this.rounds = quick ? 1 : 3;
    this.hotEvents = quick ? 300_000 : 1_000_000;
    this.keys = quick ? 300_000 : 10_000_000;
  }

  @Override
  public double seconds() {
    double hot = hotKey ? hotEvents / USUAL_RATE + 20 * hotEvents / LOCAL_RATE : 0;
    double warmUp = (hotKey ? 2 : 0) + (manyKeys ? 2 : 0);
    return rounds * (hot + (manyKeys ? 2 * keys / USUAL_RATE : 0))
        + warmUp * WARM_UP_EVENTS / USUAL_RATE;
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = new Findings();
    if (hotKey) {
      findings
          .results()
          .add(
              compare(
                  Goal.M20,
                  new Side("local first", Variant.LOCAL_FIRST, 20 * hotEvents, 1),
                  new Side("keyed only", Variant.KEYED_ONLY, hotEvents, 1),
                  progress));
    }
    if (manyKeys) {
      findings
          .results()
          .add(
              compare(
                  Goal.M21,
                  new Side(keys + " keys", Variant.LOCAL_FIRST, keys, keys),
                  new Side(FEW_KEYS + " keys", Variant.LOCAL_FIRST, keys, FEW_KEYS),
                  progress));
    }
    return findings;
  }

  private record Side(String name, Variant variant, long events, long keys) {
    double eventsPerSecond(long ofEvents) {
      return AggregationJob.eventsPerSecond(variant, ofEvents, keys);
    }
  }

  /** Both sides in turns, after a short run of each; the ratio is taken within a round. */
  private GoalResult compare(Goal goal, Side one, Side other, Progress progress) {
    List<Double> ratios = new ArrayList<>();
    List<Double> ones = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    progress.say("windows, warm-up: %s, %s".formatted(one.name(), other.name()));
    one.eventsPerSecond(WARM_UP_EVENTS);
    other.eventsPerSecond(WARM_UP_EVENTS);
    for (int round = 1; round <= rounds; round++) {
      progress.say("windows, round %d of %d: %s".formatted(round, rounds, one.name()));
      ones.add(one.eventsPerSecond(one.events()));
      progress.say("windows, round %d of %d: %s".formatted(round, rounds, other.name()));
      others.add(other.eventsPerSecond(other.events()));
      ratios.add(ones.get(round - 1) / others.get(round - 1));
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put(one.name() + " (1/s)", Spread.of(ones).median());
    baselines.put(other.name() + " (1/s)", Spread.of(others).median());
    return new GoalResult(goal, Spread.of(ratios), baselines);
  }
}
