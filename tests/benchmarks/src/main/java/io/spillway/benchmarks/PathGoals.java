package io.spillway.benchmarks;

import io.spillway.admission.LaneMode;
import io.spillway.benchmarks.cost.PathCost;
import io.spillway.benchmarks.cost.PathCost.Figures;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * COST, the part with Flink in it: how the cost of an event and what a slot gets done change with
 * the number of slots, and with the lanes.
 */
final class PathGoals implements Measurement {
  private static final List<Integer> SLOTS = List.of(1, 2, 4, 8);
  private static final List<LaneMode> LANES =
      List.of(LaneMode.SINGLE, LaneMode.MERGED, LaneMode.ISOLATED);
  private static final int SLOTS_FOR_LANES = 4;
  private static final List<LaneMode> WARM_UP =
      List.of(LaneMode.MERGED, LaneMode.ISOLATED, LaneMode.SINGLE, LaneMode.MERGED);

  private final OnTime onTime = new OnTime("way of an event");
  private final PathCost path;
  private final int rounds;

  PathGoals(boolean quick) {
    this.path = new PathCost(Duration.ofSeconds(quick ? 4 : 8));
    this.rounds = quick ? 1 : 3;
  }

  @Override
  public double seconds() {
    return path.seconds() * (WARM_UP.size() + rounds * (SLOTS.size() + LANES.size()));
  }

  @Override
  public Findings measure(Progress progress) {
    // Enough for the compiler of the JVM.
    progress.say("the way of an event, warm-up");
    for (LaneMode lanes : WARM_UP) {
      path.of(lanes, SLOTS.get(SLOTS.size() - 1));
    }
    Map<Integer, List<Figures>> bySlots = new LinkedHashMap<>();
    Map<LaneMode, List<Figures>> byLanes = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (int slots : SLOTS) {
        progress.say(
            "the way of an event, round %d of %d: %d slots".formatted(round, rounds, slots));
        bySlots
            .computeIfAbsent(slots, none -> new ArrayList<>())
            .add(run(LaneMode.MERGED, slots, progress));
      }
      for (LaneMode lanes : LANES) {
        progress.say(
            "the way of an event, round %d of %d: %s lanes".formatted(round, rounds, word(lanes)));
        byLanes
            .computeIfAbsent(lanes, none -> new ArrayList<>())
            .add(run(lanes, SLOTS_FOR_LANES, progress));
      }
    }
    Findings findings = new Findings();
    // What the process costs by itself weighs most on one slot, so growth has to be looked for
    // against the cheapest.
    findings
        .results()
        .addAll(
            List.of(
                result(
                    Goal.COST_SLOTS,
                    bySlots,
                    "slots = %s (us)",
                    Figures::processorMicros,
                    Collections::min),
                result(
                    Goal.COST_WORKERS,
                    bySlots,
                    "slots = %s (1/s each)",
                    Figures::donePerSecond,
                    others -> others.get(0)),
                result(
                    Goal.COST_LANES,
                    byLanes,
                    "lanes = %s (us)",
                    Figures::processorMicros,
                    others -> others.get(0))));
    findings.add(onTime);
    return findings;
  }

  private Figures run(LaneMode lanes, int slots, Progress progress) {
    return onTime.of(progress, () -> path.of(lanes, slots), Figures::lateMillis);
  }

  /**
   * The last value of the axis / one of the others, within a round; all of them beside it.
   *
   * @param base which one, of the figures in order
   */
  private static <X> GoalResult result(
      Goal goal,
      Map<X, List<Figures>> axis,
      String name,
      ToDoubleFunction<Figures> figure,
      ToDoubleFunction<List<Double>> base) {
    Map<String, Double> medians = new LinkedHashMap<>();
    axis.forEach(
        (x, rounds) -> medians.put(name.formatted(word(x)), Spread.of(rounds, figure).median()));
    List<List<Figures>> all = List.copyOf(axis.values());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < all.get(0).size(); round++) {
      int of = round;
      List<Double> values =
          all.stream().map(rounds -> figure.applyAsDouble(rounds.get(of))).toList();
      int last = values.size() - 1;
      ratios.add(values.get(last) / base.applyAsDouble(values.subList(0, last)));
    }
    return new GoalResult(goal, Spread.of(ratios), medians);
  }

  private static String word(Object x) {
    return x.toString().toLowerCase(Locale.ROOT);
  }
}
