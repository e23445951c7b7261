package io.spillway.benchmarks;

import io.spillway.benchmarks.cost.Cost;
import io.spillway.benchmarks.cost.CostRun;
import io.spillway.benchmarks.cost.DecisionCost;
import io.spillway.benchmarks.cost.HeaderCost;
import io.spillway.benchmarks.cost.LimiterCost;
import io.spillway.benchmarks.cost.PermitCost;
import io.spillway.benchmarks.cost.SampleCost;
import io.spillway.benchmarks.cost.SerializerCost;
import io.spillway.benchmarks.cost.StageCost;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What single operations cost, each against what one would use instead: nanoseconds and bytes on
 * the heap. The sides of one contest run one after the other, round by round.
 */
final class MicroGoals implements Measurement {
  static final List<MicroContest> CONTESTS =
      List.of(
          new MicroContest(Goal.MICRO_DECISION, DecisionCost.class, "decide")
              .against("resilience4j RateLimiter", DecisionCost.class, "resilience4jRateLimiter")
              .against("resilience4j Bulkhead", DecisionCost.class, "resilience4jBulkhead")
              .against(
                  "Netflix concurrency-limits SimpleLimiter",
                  LimiterCost.class,
                  "concurrencyLimits"),
          new MicroContest(Goal.MICRO_HEADERS, HeaderCost.class, "readRecord")
              .against("CloudEvents SDK for Java", HeaderCost.class, "readByCloudEventsSdk"),
          new MicroContest(Goal.MICRO_RULES, HeaderCost.class, "classifyByRules")
              .against(
                  "java.util.regex, compiled before",
                  HeaderCost.class,
                  "classifyByRegularExpressions"),
          new MicroContest(Goal.MICRO_GRANTED, PermitCost.class, "granted")
              .against("Bucket4j, for one thread", PermitCost.class, "grantedByBucket4j")
              .against("resilience4j RateLimiter", PermitCost.class, "grantedByResilience4j"),
          new MicroContest(Goal.MICRO_REFUSED, PermitCost.class, "refused")
              .against("Bucket4j, for one thread", PermitCost.class, "refusedByBucket4j")
              .against("resilience4j RateLimiter", PermitCost.class, "refusedByResilience4j"),
          new MicroContest(Goal.MICRO_SAMPLE, SampleCost.class, "windowSample")
              .against("DataSketches KLL and HLL alone", SampleCost.class, "sketchesAlone")
              .against("HdrHistogram and HashSet", SampleCost.class, "histogramAndSet"),
          new MicroContest(Goal.MICRO_RAW, StageCost.class, "rawEventThroughTheNetwork")
              .against("Flink POJO", SerializerCost.class, "rawAsPojo")
              .against("Flink Kryo", SerializerCost.class, "rawByKryo"),
          new MicroContest(Goal.MICRO_ADMITTED, StageCost.class, "admittedEventThroughTheNetwork")
              .against("Flink POJO", SerializerCost.class, "admittedAsPojo")
              .against("Flink Kryo", SerializerCost.class, "admittedByKryo"),
          new MicroContest(Goal.MICRO_REJECTED, SerializerCost.class, "rejectedThroughTheNetwork")
              .against("Flink POJO", SerializerCost.class, "rejectedAsPojo")
              .against("Flink Kryo", SerializerCost.class, "rejectedByKryo"));

  private final int rounds;
  private final CostRun run;

  MicroGoals(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.run = CostRun.ofLargeCode(quick);
  }

  @Override
  public double seconds() {
    int sides = CONTESTS.stream().mapToInt(contest -> contest.sides().size()).sum();
    return rounds * sides * run.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    Map<MicroContest, Map<String, List<Cost>>> costs = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (MicroContest contest : CONTESTS) {
        progress.say("micro, round %d of %d: %s".formatted(round, rounds, contest.goal().key()));
        contest
            .sides()
            .forEach(
                side ->
                    costs
                        .computeIfAbsent(contest, one -> new LinkedHashMap<>())
                        .computeIfAbsent(side.name(), one -> new ArrayList<>())
                        .add(run.of(side.benchmarks(), side.method())));
      }
    }
    Findings findings = new Findings();
    List<String> table = new ArrayList<>();
    costs.forEach(
        (contest, sides) -> {
          findings.results().add(contest.result(sides));
          table.addAll(contest.lines(sides));
        });
    progress.say("");
    progress.say(MicroContest.HEADER);
    table.forEach(progress::say);
    return findings;
  }
}
