package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.Cost;
import io.spillway.benchmarks.cost.CostRun;
import io.spillway.benchmarks.cost.GrowthCost;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * COST: how what a decision costs grows with the size of records, the number of their headers and
 * the number of sources. The largest / the smallest; what lies between is printed beside.
 */
final class GrowthGoals implements Measurement {
  private static final List<Axis> AXES =
      List.of(
          new Axis(
              Goal.COST_BYTES,
              "decideOnRecord",
              "bytes",
              List.of("100", "1000", "10000", "100000")),
          new Axis(Goal.COST_HEADERS, "decideWithHeaders", "headers", List.of("10", "20", "40")),
          new Axis(
              Goal.COST_SOURCES,
              "decideAmongSources",
              "sources",
              List.of("10", "1000", "100000", "1000000")));

  private final CostRun run;
  private final int rounds;

  /** What is varied, from the smallest value to the largest. */
  private record Axis(Goal goal, String method, String parameter, List<String> values) {}

  GrowthGoals(boolean quick) {
    this.run = new CostRun(quick);
    this.rounds = quick ? 1 : 3;
  }

  @Override
  public double seconds() {
    return rounds * run.seconds() * AXES.stream().mapToInt(axis -> axis.values().size()).sum();
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = new Findings();
    for (Axis axis : AXES) {
      findings.results().add(result(axis, progress));
    }
    return findings;
  }

  private GoalResult result(Axis axis, Progress progress) {
    Map<String, List<Double>> nanos = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (String value : axis.values()) {
        String name = "%s = %s (ns)".formatted(axis.parameter(), value);
        progress.say("cost, round %d of %d: %s".formatted(round, rounds, name));
        Cost cost = run.of(GrowthCost.class, axis.method(), Map.of(axis.parameter(), value));
        nanos.computeIfAbsent(name, same -> new ArrayList<>()).add(cost.nanos());
      }
    }
    List<List<Double>> lines = List.copyOf(nanos.values());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ratios.add(lines.get(lines.size() - 1).get(round) / lines.get(0).get(round));
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    nanos.forEach((name, values) -> medians.put(name, Spread.of(values).median()));
    return new GoalResult(axis.goal(), Spread.of(ratios), medians);
  }
}
