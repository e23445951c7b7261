package io.spillway.benchmarks;

import io.spillway.benchmarks.scale.ManySubtasks;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SCALE: whether goodput and fairness hold with up to a thousand subtasks that know nothing of each
 * other, at 5x, on partitions of even and of uneven load. A simulation: the same figures on any
 * machine.
 */
final class ScaleGoals implements Measurement {
  private static final int[] SUBTASKS = {1, 10, 100, 1_000};
  private static final double[] SKEWS = {0, 0.1, 0.3, 0.5, 1};
  private static final double FACTOR = 5;
  private static final double SECONDS = 20;
  private static final double SECONDS_PER_SUBTASK = 0.008;
  private static final long SEED = 20_260_101;

  @Override
  public double seconds() {
    return SKEWS.length * SUBTASKS[SUBTASKS.length - 1] * SECONDS_PER_SUBTASK;
  }

  @Override
  public Findings measure(Progress progress) {
    double goodput = 1;
    double fairness = 1;
    Map<String, double[]> outOfOrder = new LinkedHashMap<>();
    Findings findings = new Findings();
    for (double skew : SKEWS) {
      double[] line = new double[SUBTASKS.length];
      for (int i = 0; i < SUBTASKS.length; i++) {
        progress.say("scale, simulated: %d subtasks, skew %.1f".formatted(SUBTASKS[i], skew));
        ManySubtasks.Outcome outcome =
            new ManySubtasks(SUBTASKS[i], FACTOR, skew, SEED).run(SECONDS);
        goodput = Math.min(goodput, outcome.goodput());
        fairness = Math.min(fairness, outcome.fairness());
        line[i] = 100 * outcome.outOfOrder();
        note(findings, SUBTASKS[i], skew, line[i]);
      }
      outOfOrder.put("skew %.1f".formatted(skew), line);
    }
    add(findings, Goal.SCALE_GOODPUT, goodput);
    add(findings, Goal.SCALE_FAIRNESS, fairness);
    findings
        .plots()
        .add(
            new Plot(
                "Processed although another subtask turned away what matters more (%)",
                "subtasks", false, new double[] {1, 10, 100, 1_000}, outOfOrder));
    return findings;
  }

  private static void add(Findings findings, Goal goal, double worst) {
    findings.results().add(new GoalResult(goal, Spread.of(List.of(worst)), Map.of()));
  }

  private static void note(Findings findings, int subtasks, double skew, double percent) {
    findings
        .notes()
        .add(
            new Note(
                "out of order, %d subtasks, skew %.1f".formatted(subtasks, skew),
                Spread.of(List.of(percent)),
                "%"));
  }
}
