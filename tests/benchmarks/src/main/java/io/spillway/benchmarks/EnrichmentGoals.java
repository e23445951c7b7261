package io.spillway.benchmarks;

import io.spillway.benchmarks.enrichment.SlowService;
import io.spillway.benchmarks.enrichment.SlowService.Run;
import io.spillway.benchmarks.enrichment.SlowService.Variant;
import io.spillway.sandbox.cluster.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * M19: what a service that takes two seconds costs a stage that asks it, at half of what the plain
 * stage gets done while the service is well.
 */
final class EnrichmentGoals implements Measurement {
  private static final Duration DELAY = Duration.ofSeconds(2);
  private static final double LOAD = 0.5;
  private static final int RUNS = 3;
  private static final int START_SECONDS = 15;

  private record Round(double perSecond, Run spillway, Run plain) {}

  private final int rounds;
  private final Duration time;

  EnrichmentGoals(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.time = Duration.ofSeconds(quick ? 10 : 30);
  }

  @Override
  public double seconds() {
    return rounds * RUNS * (time.toSeconds() + START_SECONDS);
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("a service 2 s slow, round %d of %d".formatted(round, rounds));
      Run well = SlowService.measure(Variant.PLAIN, Duration.ZERO, time, SlowService.ANY_RATE);
      double rate = LOAD * well.perSecond();
      all.add(
          new Round(
              rate,
              SlowService.measure(Variant.SPILLWAY, DELAY, time, rate),
              SlowService.measure(Variant.PLAIN, DELAY, time, rate)));
    }
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("values that come (1/s)", Spread.of(all, Round::perSecond).median());
    parts.put("Spillway (1/s)", Spread.of(all, round -> round.spillway().perSecond()).median());
    parts.put("plain (1/s)", Spread.of(all, round -> round.plain().perSecond()).median());
    Map<String, Double> answers = new LinkedHashMap<>();
    answers.put("fresh, Spillway", Spread.of(all, round -> round.spillway().fresh()).median());
    answers.put("old, Spillway", Spread.of(all, round -> round.spillway().stale()).median());
    answers.put("none, Spillway", Spread.of(all, round -> round.spillway().without()).median());
    answers.put("fresh, plain", Spread.of(all, round -> round.plain().fresh()).median());
    Findings findings = new Findings();
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M19,
                Spread.of(all, round -> round.spillway().perSecond() / round.plain().perSecond()),
                parts));
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M19_P99,
                Spread.of(all, round -> round.spillway().p99Millis()),
                Map.of("plain (ms)", Spread.of(all, round -> round.plain().p99Millis()).median())));
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M19_ANSWERED, Spread.of(all, round -> round.spillway().answered()), answers));
    return findings;
  }
}
