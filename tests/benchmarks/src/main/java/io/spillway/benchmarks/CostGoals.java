package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.Cost;
import io.spillway.benchmarks.cost.CostRun;
import io.spillway.benchmarks.cost.DecisionCost;
import io.spillway.benchmarks.cost.DropCost;
import io.spillway.benchmarks.cost.StageCost;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * M8 and M10: nanoseconds and bytes of single operations. All benchmarks run one after the other,
 * then again from the first, round by round; a ratio is taken within a round.
 */
final class CostGoals implements Measurement {
  /** What one processed event costs: the longest simulated work that figures are quoted for. */
  private static final double PROCESSED_NANOS = 1_000_000;

  private static final List<String> DECISION =
      List.of(
          "decide",
          "resilience4jRateLimiter",
          "resilience4jBulkhead",
          "decideAndWeigh",
          "decideByFairShare",
          "hashAndDecide",
          "readAndDecide");
  private static final List<String> DROP =
      List.of("shed", "shedByFairShare", "bindAndDrop", "treeAndDrop");

  /** Payloads, in bytes, for which M10 is taken besides the demo's. */
  private static final List<Integer> LARGER_PAYLOADS = List.of(1_000, 10_000);

  private static final List<String> STAGE =
      List.of(
          "takeRecord",
          "readHeaders",
          "rawEventThroughTheNetwork",
          "admittedEventThroughTheNetwork",
          "controllerTick");

  private final boolean decision;
  private final boolean drop;
  private final int rounds;
  private final CostRun run;

  /**
   * @param ids the goals that are asked for
   */
  CostGoals(Set<String> ids, boolean quick) {
    this.decision = ids.contains("M8");
    this.drop = ids.contains("M10");
    this.rounds = quick ? 1 : 3;
    this.run = new CostRun(quick);
  }

  @Override
  public double seconds() {
    return rounds * benchmarks().size() * run.seconds();
  }

  /**
   * @param payloadBytes 0: there is no such parameter, or it stays what it is
   */
  private record Operation(Class<?> benchmarks, String method, int payloadBytes) {
    Operation(Class<?> benchmarks, String method) {
      this(benchmarks, method, 0);
    }

    String name() {
      return payloadBytes == 0 ? method : nameWith(method, payloadBytes);
    }

    Map<String, String> parameters() {
      return payloadBytes == 0 ? Map.of() : Map.of("payloadBytes", "" + payloadBytes);
    }
  }

  private static String nameWith(String method, int payloadBytes) {
    return method + " of " + payloadBytes + " B";
  }

  @Override
  public Findings measure(Progress progress) {
    Map<String, List<Cost>> costs = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Operation operation : benchmarks()) {
        progress.say("cost, round %d of %d: %s".formatted(round, rounds, operation.name()));
        costs
            .computeIfAbsent(operation.name(), name -> new ArrayList<>())
            .add(run.of(operation.benchmarks(), operation.method(), operation.parameters()));
      }
    }
    Findings findings = new Findings();
    List<GoalResult> results = findings.results();
    List<Note> notes = findings.notes();
    if (decision) {
      decisionResults(costs, results);
    }
    if (drop) {
      dropResults(costs, results);
    }
    costs.forEach(
        (method, measured) -> {
          notes.add(new Note(words(method), spread(measured, Cost::nanos), "ns"));
          notes.add(new Note(words(method) + ", heap", spread(measured, Cost::bytes), "B"));
        });
    return findings;
  }

  private static void decisionResults(Map<String, List<Cost>> costs, List<GoalResult> results) {
    List<Cost> ours = costs.get("decide");
    List<Cost> limiter = costs.get("resilience4jRateLimiter");
    List<Cost> bulkhead = costs.get("resilience4jBulkhead");
    List<String> others = DECISION.subList(1, DECISION.size());
    results.add(
        new GoalResult(
            Goal.M8,
            ratio(limiter, ours),
            Map.of("resilience4j Bulkhead / Spillway", ratio(bulkhead, ours).median())));
    results.add(
        new GoalResult(
            Goal.M8_TIME, spread(ours, Cost::nanos), medians(costs, others, Cost::nanos)));
    results.add(
        new GoalResult(
            Goal.M8_BYTES, spread(ours, Cost::bytes), medians(costs, others, Cost::bytes)));
  }

  private static void dropResults(Map<String, List<Cost>> costs, List<GoalResult> results) {
    List<Cost> shed = costs.get("shed");
    Map<String, Double> nanos = medians(costs, DROP, Cost::nanos);
    nanos.put("shed / tree and drop", ratio(shed, costs.get("treeAndDrop")).median());
    for (int bytes : LARGER_PAYLOADS) {
      List<Cost> shedOfSize = costs.get(nameWith("shed", bytes));
      List<Cost> boundOfSize = costs.get(nameWith("bindAndDrop", bytes));
      nanos.put(
          "shed / bind and drop, payload of " + bytes + " B",
          ratio(shedOfSize, boundOfSize).median());
    }
    nanos.put("take record", spread(costs.get("takeRecord"), Cost::nanos).median());
    results.add(new GoalResult(Goal.M10, ratio(shed, costs.get("bindAndDrop")), nanos));
    results.add(
        new GoalResult(
            Goal.M10_PROCESSED,
            spread(shed, cost -> cost.nanos() / PROCESSED_NANOS),
            Map.of("shed (ns)", spread(shed, Cost::nanos).median())));
  }

  private List<Operation> benchmarks() {
    List<Operation> all = new ArrayList<>();
    if (decision) {
      DECISION.forEach(method -> all.add(new Operation(DecisionCost.class, method)));
    }
    if (drop) {
      DROP.forEach(method -> all.add(new Operation(DropCost.class, method)));
      for (int bytes : LARGER_PAYLOADS) {
        all.add(new Operation(DropCost.class, "shed", bytes));
        all.add(new Operation(DropCost.class, "bindAndDrop", bytes));
      }
      STAGE.forEach(method -> all.add(new Operation(StageCost.class, method)));
    }
    return all;
  }

  private static Spread spread(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return Spread.of(costs.stream().map(figure::applyAsDouble).toList());
  }

  private static Spread ratio(List<Cost> over, List<Cost> under) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < over.size(); round++) {
      ratios.add(over.get(round).nanos() / under.get(round).nanos());
    }
    return Spread.of(ratios);
  }

  private static Map<String, Double> medians(
      Map<String, List<Cost>> costs, List<String> methods, ToDoubleFunction<Cost> figure) {
    Map<String, Double> medians = new LinkedHashMap<>();
    methods.forEach(
        method -> medians.put(words(method), spread(costs.get(method), figure).median()));
    return medians;
  }

  /** {@code bindAndDrop} as {@code bind and drop}. */
  private static String words(String method) {
    return method
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT)
        .replace("resilience4j rate limiter", "resilience4j RateLimiter")
        .replace("resilience4j bulkhead", "resilience4j Bulkhead");
  }
}
