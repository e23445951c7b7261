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
  private static final List<Long> BETWEEN = List.of(100_000L, 1_000_000L);
  private static final double USUAL_RATE = 50_000;
  private static final double RATE_OF_PARTIALS = 150_000;
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
    double many = manyKeys ? (2 + between().size()) * keys / RATE_OF_PARTIALS : 0;
    return rounds * (hot + many) + warmUp * WARM_UP_EVENTS / USUAL_RATE;
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
                  List.of(),
                  progress));
    }
    if (manyKeys) {
      findings
          .results()
          .add(
              compare(
                  Goal.M21,
                  among(keys),
                  among(FEW_KEYS),
                  between().stream().map(this::among).toList(),
                  progress));
    }
    return findings;
  }

  /** As many events, whatever the number of keys. */
  private Side among(long someKeys) {
    return new Side(someKeys + " keys", Variant.LOCAL_FIRST, keys, someKeys);
  }

  private List<Long> between() {
    return BETWEEN.stream().filter(some -> some < keys).toList();
  }

  private record Side(String name, Variant variant, long events, long keys) {
    double eventsPerSecond(long ofEvents) {
      return AggregationJob.eventsPerSecond(variant, ofEvents, keys);
    }
  }

  /**
   * Both sides in turns, after a short run of each; the ratio is taken within a round.
   *
   * @param beside these in turns with them, to be printed with them
   */
  private GoalResult compare(
      Goal goal, Side one, Side other, List<Side> beside, Progress progress) {
    List<Double> ratios = new ArrayList<>();
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    List<Side> all = new ArrayList<>(List.of(one, other));
    all.addAll(beside);
    progress.say("windows, warm-up: %s, %s".formatted(one.name(), other.name()));
    one.eventsPerSecond(WARM_UP_EVENTS);
    other.eventsPerSecond(WARM_UP_EVENTS);
    for (int round = 1; round <= rounds; round++) {
      for (Side side : all) {
        progress.say("windows, round %d of %d: %s".formatted(round, rounds, side.name()));
        rates
            .computeIfAbsent(side.name() + " (1/s)", none -> new ArrayList<>())
            .add(side.eventsPerSecond(side.events()));
      }
      List<List<Double>> sides = List.copyOf(rates.values());
      ratios.add(sides.get(0).get(round - 1) / sides.get(1).get(round - 1));
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    rates.forEach((name, values) -> baselines.put(name, Spread.of(values).median()));
    return new GoalResult(goal, Spread.of(ratios), baselines);
  }
}
