package io.spillway.benchmarks;

import io.spillway.benchmarks.truth.WindowTruth;
import io.spillway.benchmarks.truth.WindowTruth.Outcome;
import io.spillway.benchmarks.truth.WindowTruth.Shedding;
import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.GammaDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;

/**
 * M11 and M12: how true estimates are, on simulated windows. Values have a gamma distribution with
 * the coefficient of variation cv; at cv 2 it is skewed by 4. A log-normal one of cv 2, skewed by
 * 14, is a note: no interval from some hundred values is right there.
 */
final class TruthGoals implements Measurement {
  private static final double[] SHED = {0.50, 0.90, 0.95};
  private static final double NOMINAL = 0.95;
  private static final double WINDOWS_PER_SECOND = 6_000;
  private static final long SEED = 20_260_101;

  private final boolean sums;
  private final boolean intervals;
  private final int windows;

  /**
   * @param ids the goals that are asked for
   */
  TruthGoals(Set<String> ids, boolean quick) {
    this.sums = ids.contains("M11");
    this.intervals = ids.contains("M12");
    this.windows = quick ? 1_000 : 10_000;
  }

  @Override
  public double seconds() {
    return (4 * 2 * SHED.length) * windows / WINDOWS_PER_SECOND;
  }

  @Override
  public Findings measure(Progress progress) {
    Findings findings = new Findings();
    Map<String, Outcome> cv01 = outcomes("cv 0.1", gamma(0.1), progress);
    Map<String, Outcome> cv05 = outcomes("cv 0.5", gamma(0.5), progress);
    Map<String, Outcome> cv2 = outcomes("cv 2", gamma(2), progress);
    Map<String, Outcome> logNormal = outcomes("cv 2, log-normal", logNormal(2), progress);
    if (sums) {
      sumResults(Map.of(Goal.M11_CV01, cv01, Goal.M11_CV05, cv05), findings);
      findings.plots().add(errorPlot(cv01, cv05));
    }
    if (intervals) {
      findings.results().add(coverage(Goal.M12_CV01, cv01));
      findings.results().add(coverage(Goal.M12_CV05, cv05));
      findings.results().add(coverage(Goal.M12_CV2, cv2));
      logNormal.forEach(
          (name, outcome) ->
              findings
                  .notes()
                  .add(
                      new Note(
                          "coverage of the 95 % interval, log-normal of cv 2, " + name,
                          single(outcome.coverage()),
                          "share")));
      findings.plots().add(coveragePlot(cv01, cv05, cv2, logNormal));
    }
    return findings;
  }

  private static void sumResults(Map<Goal, Map<String, Outcome>> byGoal, Findings findings) {
    String at90 = name(new Shedding(0.90, false));
    double worstCount = 0;
    for (Map<String, Outcome> outcomes : byGoal.values()) {
      worstCount = Math.max(worstCount, outcomes.get(at90).worstCountError());
    }
    findings.results().add(new GoalResult(Goal.M11, single(worstCount), Map.of()));
    byGoal.forEach(
        (goal, outcomes) -> {
          List<Double> ratios = new ArrayList<>();
          ratios.add(outcomes.get(at90).weightedError() / outcomes.get(at90).error());
          Map<String, Double> baselines = new LinkedHashMap<>();
          baselines.put("Horvitz-Thompson, relative error", outcomes.get(at90).weightedError());
          baselines.put("Spillway, relative error", outcomes.get(at90).error());
          baselines.put("most that any ratio estimator can gain", bound(goal));
          findings.results().add(new GoalResult(goal, Spread.of(ratios), baselines));
        });
  }

  /** {@code sqrt(1 + 1/cv^2)}. */
  private static double bound(Goal goal) {
    double cv = goal == Goal.M11_CV01 ? 0.1 : 0.5;
    return Math.sqrt(1 + 1 / (cv * cv));
  }

  private static GoalResult coverage(Goal goal, Map<String, Outcome> outcomes) {
    double worst = 0;
    double worstPlain = 0;
    Map<String, Double> baselines = new LinkedHashMap<>();
    for (Map.Entry<String, Outcome> each : outcomes.entrySet()) {
      worst = Math.max(worst, Math.abs(each.getValue().coverage() - NOMINAL));
      worstPlain = Math.max(worstPlain, Math.abs(each.getValue().plainCoverage() - NOMINAL));
      baselines.put("coverage, " + each.getKey(), each.getValue().coverage());
    }
    baselines.put("worst distance of mean +- 1.96 standard errors", worstPlain);
    return new GoalResult(goal, single(worst), baselines);
  }

  private Map<String, Outcome> outcomes(
      String what, ContinuousDistribution values, Progress progress) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (boolean changing : new boolean[] {false, true}) {
      for (double shed : SHED) {
        Shedding shedding = new Shedding(shed, changing);
        progress.say("truth, %d windows: %s, %s".formatted(windows, what, name(shedding)));
        outcomes.put(name(shedding), new WindowTruth(values, SEED).run(windows, shedding));
      }
    }
    return outcomes;
  }

  private static String name(Shedding shedding) {
    return "%.0f %% shed%s"
        .formatted(100 * shedding.shed(), shedding.changing() ? ", changing in the window" : "");
  }

  private static Plot errorPlot(Map<String, Outcome> cv01, Map<String, Outcome> cv05) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    lines.put("Horvitz-Thompson, cv 0.5", line(cv05, false, Outcome::weightedError));
    lines.put("Spillway, cv 0.5", line(cv05, false, Outcome::error));
    lines.put("Horvitz-Thompson, cv 0.1", line(cv01, false, Outcome::weightedError));
    lines.put("Spillway, cv 0.1", line(cv01, false, Outcome::error));
    return new Plot("Relative error of a sum", "% shed", true, percent(), lines);
  }

  private static Plot coveragePlot(
      Map<String, Outcome> cv01,
      Map<String, Outcome> cv05,
      Map<String, Outcome> cv2,
      Map<String, Outcome> logNormal) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    lines.put("cv 2", line(cv2, true, Outcome::coverage));
    lines.put("cv 0.5", line(cv05, true, Outcome::coverage));
    lines.put("cv 0.1", line(cv01, true, Outcome::coverage));
    lines.put("cv 2, log-normal", line(logNormal, true, Outcome::coverage));
    lines.put("mean +- 1.96 standard errors, cv 2", line(cv2, true, Outcome::plainCoverage));
    return new Plot(
        "Coverage of the 95 % interval while the keep probability halves in each window",
        "% shed", false, percent(), lines);
  }

  private interface FigureOf {
    double of(Outcome outcome);
  }

  private static double[] line(Map<String, Outcome> outcomes, boolean changing, FigureOf figure) {
    double[] values = new double[SHED.length];
    for (int i = 0; i < SHED.length; i++) {
      values[i] = figure.of(outcomes.get(name(new Shedding(SHED[i], changing))));
    }
    return values;
  }

  private static double[] percent() {
    double[] percent = new double[SHED.length];
    for (int i = 0; i < SHED.length; i++) {
      percent[i] = Math.round(100 * SHED[i]);
    }
    return percent;
  }

  private static Spread single(double value) {
    return Spread.of(List.of(value));
  }

  private static ContinuousDistribution gamma(double cv) {
    return GammaDistribution.of(1 / (cv * cv), cv * cv);
  }

  private static ContinuousDistribution logNormal(double cv) {
    double variance = Math.log(1 + cv * cv);
    return LogNormalDistribution.of(-variance / 2, Math.sqrt(variance));
  }
}
