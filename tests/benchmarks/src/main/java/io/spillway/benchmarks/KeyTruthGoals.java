package io.spillway.benchmarks;

import io.spillway.benchmarks.truth.KeyTruth;
import io.spillway.benchmarks.truth.KeyTruth.Outcome;
import io.spillway.benchmarks.truth.WindowTruth.Shedding;
import io.spillway.sandbox.cluster.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** M12 where whole keys are kept: how true the interval of a sum is, on simulated windows. */
final class KeyTruthGoals implements Measurement {
  private static final double[] SHED = {0.50, 0.90, 0.95};
  private static final double NOMINAL = 0.95;
  private static final double WINDOWS_PER_SECOND = 500;
  private static final long SEED = 20_260_101;

  private final int windows;

  KeyTruthGoals(boolean quick) {
    this.windows = quick ? 2_000 : 10_000;
  }

  @Override
  public double seconds() {
    return 2 * SHED.length * windows / WINDOWS_PER_SECOND;
  }

  @Override
  public Findings measure(Progress progress) {
    double worst = 0;
    Map<String, Double> baselines = new LinkedHashMap<>();
    Map<String, double[]> lines = new LinkedHashMap<>();
    for (boolean changing : new boolean[] {false, true}) {
      double[] units = new double[SHED.length];
      double[] events = new double[SHED.length];
      String when = changing ? ", changing in the window" : "";
      for (int i = 0; i < SHED.length; i++) {
        String name = "%.0f %% shed%s".formatted(100 * SHED[i], when);
        progress.say("truth, %d windows: whole keys, %s".formatted(windows, name));
        Outcome outcome = new KeyTruth(SEED).run(windows, new Shedding(SHED[i], changing));
        worst = Math.max(worst, Math.abs(outcome.coverage() - NOMINAL));
        baselines.put("coverage, " + name, outcome.coverage());
        baselines.put("coverage of the formula for events, " + name, outcome.eventCoverage());
        units[i] = outcome.coverage();
        events[i] = outcome.eventCoverage();
      }
      lines.put("whole keys" + when, units);
      lines.put("formula for events" + when, events);
    }
    Findings findings = new Findings();
    findings.results().add(new GoalResult(Goal.M12_UNIT_KEY, Spread.of(List.of(worst)), baselines));
    findings
        .plots()
        .add(
            new Plot(
                "Coverage of the 95 % interval where whole keys are kept",
                "% shed", false, new double[] {50, 90, 95}, lines));
    return findings;
  }
}
