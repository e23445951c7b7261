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

/** M19: what a service that takes two seconds costs a stage that asks it. */
final class EnrichmentGoals implements Measurement {
  private static final Duration DELAY = Duration.ofSeconds(2);

  private record Round(Run spillway, Run plain) {}

  private final int rounds;
  private final Duration time;

  EnrichmentGoals(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.time = Duration.ofSeconds(quick ? 10 : 30);
  }

  @Override
  public double seconds() {
    return rounds * 2 * (time.toSeconds() + 10);
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("a service 2 s slow, round %d of %d".formatted(round, rounds));
      all.add(
          new Round(
              SlowService.measure(Variant.SPILLWAY, DELAY, time),
              SlowService.measure(Variant.PLAIN, DELAY, time)));
    }
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("Spillway (1/s)", Spread.of(all, round -> round.spillway().perSecond()).median());
    parts.put("plain (1/s)", Spread.of(all, round -> round.plain().perSecond()).median());
    parts.put("Spillway p99 (ms)", Spread.of(all, round -> round.spillway().p99Millis()).median());
    parts.put("plain p99 (ms)", Spread.of(all, round -> round.plain().p99Millis()).median());
    Map<String, Double> answers = new LinkedHashMap<>();
    answers.put("fresh, Spillway", Spread.of(all, round -> round.spillway().fresh()).median());
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
                Goal.M19_ANSWERED, Spread.of(all, round -> round.spillway().answered()), answers));
    return findings;
  }
}
