package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.Cost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of ours and those of others that do the same job. Immutable.
 *
 * @param sides the first one is ours
 */
record MicroContest(Goal goal, List<Side> sides) {
  static final String OURS = "Spillway";
  static final String HEADER =
      line("operation", "side", "ns", "min .. max", "B", "times Spillway's", "");

  /** A JMH benchmark, and whose it is. */
  record Side(String name, Class<?> benchmarks, String method) {}

  MicroContest {
    sides = List.copyOf(sides);
  }

  MicroContest(Goal goal, Class<?> benchmarks, String method) {
    this(goal, List.of(new Side(OURS, benchmarks, method)));
  }

  MicroContest against(String name, Class<?> benchmarks, String method) {
    List<Side> more = new ArrayList<>(sides);
    more.add(new Side(name, benchmarks, method));
    return new MicroContest(goal, more);
  }

  /**
   * The time of the fastest other side in multiples of ours, round by round: below 1 where somebody
   * is faster.
   *
   * @param costs by side, one for each round
   */
  GoalResult result(Map<String, List<Cost>> costs) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < costs.get(OURS).size(); round++) {
      double fastest = Double.POSITIVE_INFINITY;
      for (Side side : sides.subList(1, sides.size())) {
        fastest = Math.min(fastest, costs.get(side.name()).get(round).nanos());
      }
      ratios.add(fastest / costs.get(OURS).get(round).nanos());
    }
    Map<String, Double> baselines = new LinkedHashMap<>();
    costs.forEach(
        (side, measured) -> {
          String faster = isFaster(side, costs) ? " (FASTER)" : "";
          baselines.put(side + faster + ", ns", Spread.of(measured, Cost::nanos).median());
          baselines.put(side + ", B", Spread.of(measured, Cost::bytes).median());
        });
    return new GoalResult(goal, Spread.of(ratios), baselines);
  }

  /** A line for each side, ours first. */
  List<String> lines(Map<String, List<Cost>> costs) {
    double ours = Spread.of(costs.get(OURS), Cost::nanos).median();
    List<String> lines = new ArrayList<>();
    costs.forEach(
        (side, measured) -> {
          Spread nanos = Spread.of(measured, Cost::nanos);
          lines.add(
              line(
                  side.equals(OURS) ? goal.what() : "",
                  side,
                  Figures.text(nanos.median()),
                  Figures.text(nanos.min()) + " .. " + Figures.text(nanos.max()),
                  Figures.text(Spread.of(measured, Cost::bytes).median()),
                  side.equals(OURS) ? "" : Figures.text(nanos.median() / ours),
                  isFaster(side, costs) ? "FASTER THAN SPILLWAY" : ""));
        });
    return lines;
  }

  private static boolean isFaster(String side, Map<String, List<Cost>> costs) {
    return Spread.of(costs.get(side), Cost::nanos).median()
        < Spread.of(costs.get(OURS), Cost::nanos).median();
  }

  private static String line(
      String operation,
      String side,
      String nanos,
      String range,
      String bytes,
      String times,
      String verdict) {
    return "%-52s  %-40s  %8s  %-16s  %7s  %16s  %s"
        .formatted(operation, side, nanos, range, bytes, times, verdict)
        .stripTrailing();
  }
}
