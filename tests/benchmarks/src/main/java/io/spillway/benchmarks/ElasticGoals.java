package io.spillway.benchmarks;

import io.spillway.benchmarks.elastic.ElasticRuns;
import io.spillway.benchmarks.elastic.ElasticRuns.Round;
import io.spillway.benchmarks.elastic.ElasticRuns.Run;
import io.spillway.benchmarks.elastic.ElasticRuns.Scale;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.measure.Timeline;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** M17 and M18: shed first, scale second, recover third. */
final class ElasticGoals implements Measurement {
  private final ElasticRuns runs;

  ElasticGoals(ClusterSpec bench, boolean quick) {
    this.runs = new ElasticRuns(bench, quick);
  }

  @Override
  public double seconds() {
    return runs.seconds();
  }

  @Override
  public Findings measure(Progress progress) {
    List<Round> rounds = runs.run(progress);
    Findings findings = new Findings();
    Map<String, Double> inTime = new LinkedHashMap<>();
    inTime.put(
        "shedding and reactive (events)",
        Spread.of(rounds, r -> (double) r.shedding().inTime()).median());
    inTime.put(
        "reactive alone (events)",
        Spread.of(rounds, r -> (double) r.reactiveAlone().inTime()).median());
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M17,
                Spread.of(
                    rounds,
                    r -> r.shedding().inTime() / (double) Math.max(1, r.reactiveAlone().inTime())),
                inTime));
    Map<String, Double> asked = new LinkedHashMap<>();
    asked.put("while shedding", Spread.of(rounds, r -> r.shedding().asked()).median());
    asked.put("then, not shedding", Spread.of(rounds, r -> r.shedding().askedThen()).median());
    findings
        .results()
        .add(
            new GoalResult(
                Goal.M18,
                Spread.of(
                    rounds, r -> Math.abs(r.shedding().asked() / r.shedding().askedThen() - 1)),
                asked));
    Round last = rounds.get(rounds.size() - 1);
    story(findings, "shed first, scale second, recover third", last.shedding());
    story(findings, "reactive mode alone", last.reactiveAlone());
    findings.add(runs.onTime());
    return findings;
  }

  private static void story(Findings findings, String title, Run run) {
    Timeline timeline = run.timeline();
    int steps = timeline.steps();
    double[] x = IntStream.range(0, steps).asDoubleStream().toArray();
    double[] offered = sum(timeline.offered(), steps);
    double[] rejected = sum(timeline.rejected(), steps);
    double[] taskManagers = new double[steps];
    double[] capacity = new double[steps];
    double[] shed = new double[steps];
    for (int i = 0; i < steps; i++) {
      taskManagers[i] = taskManagersAt(run.scales(), timeline.startMillis() + i * 1000L);
      capacity[i] = taskManagers[i] * ElasticRuns.CAPACITY;
      shed[i] = offered[i] == 0 ? 0 : rejected[i] / offered[i];
    }
    Map<String, double[]> rates = new LinkedHashMap<>();
    rates.put("offered", offered);
    rates.put("capacity", capacity);
    findings.plots().add(new Plot(title + ": events per second", "s", false, x, rates));
    Map<String, double[]> scale = new LinkedHashMap<>();
    scale.put("TaskManagers", taskManagers);
    scale.put("share that is shed", shed);
    findings.plots().add(new Plot(title + ": scale and shedding", "s", false, x, scale));
    findings
        .plots()
        .add(
            new Plot(
                title + ": CRITICAL p99, ms",
                "s",
                true,
                x,
                Map.of("CRITICAL p99", timeline.p99()[Priority.CRITICAL.ordinal()])));
  }

  private static double taskManagersAt(List<Scale> scales, long atMillis) {
    return scales.stream()
        .filter(scale -> scale.atMillis() <= atMillis)
        .reduce((earlier, later) -> later)
        .map(Scale::taskManagers)
        .orElse(1);
  }

  private static double[] sum(long[][] byPriority, int steps) {
    return IntStream.range(0, steps)
        .mapToDouble(i -> Arrays.stream(byPriority).mapToLong(counts -> counts[i]).sum())
        .toArray();
  }
}
