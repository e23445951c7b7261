package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.StageResult.PriorityResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * The figures of a run, computed from its accounts and its plan: by stage and priority, and the law
 * of conservation. Percentiles from an HdrHistogram with three significant digits.
 */
public record Verdict(
    long startMillis, Map<String, StageResult> stages, Conservation conservation) {

  /** A result within this time of the intended send time counts as timely. */
  public static final Duration TIMELY = Duration.ofSeconds(1);

  static final int DIGITS = 3;

  /** Judges a run. Its start is the earliest intended send time; a warm-up has no figures. */
  public static Verdict of(Accounts accounts, LoadPlan plan) {
    long start = accounts.firstSentMillis().orElse(0);
    List<Tally> tallies = new ArrayList<>();
    plan.stages().forEach(stage -> tallies.add(new Tally()));
    long end = start + plan.duration().toMillis();
    accounts.forEach(
        (priority, fate, sent, done) -> {
          tallies.get(plan.stageAt(sent - start)).produced(priority, fate, done - sent);
          if (fate == Fate.DELIVERED && done < end) {
            tallies.get(plan.stageAt(done - start)).cameOut(done - sent);
          }
        });
    Map<String, StageResult> stages = new LinkedHashMap<>();
    for (int i = 0; i < tallies.size(); i++) {
      LoadPlan.Stage stage = plan.stages().get(i);
      if (!stage.name().equals(LoadPlan.WARM_UP)) {
        stages.put(stage.name(), tallies.get(i).result(stage));
      }
    }
    return new Verdict(start, stages, Conservation.of(accounts));
  }

  static double percentile(AbstractHistogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile);
  }

  static Histogram histogram() {
    Histogram histogram = new Histogram(DIGITS);
    histogram.setAutoResize(true);
    return histogram;
  }

  /** Counts and histograms of one stage. */
  private static final class Tally {
    private final long[][] fates = new long[Priority.COUNT][Fate.COUNT];
    private final Histogram[] latencies = new Histogram[Priority.COUNT];
    private long cameOut;
    private long timely;

    Tally() {
      for (int i = 0; i < latencies.length; i++) {
        latencies[i] = histogram();
      }
    }

    void produced(Priority priority, Fate fate, long latencyMillis) {
      fates[priority.ordinal()][fate.ordinal()]++;
      if (fate == Fate.DELIVERED) {
        latencies[priority.ordinal()].recordValue(Math.max(0, latencyMillis));
      }
    }

    void cameOut(long latencyMillis) {
      cameOut++;
      timely += latencyMillis <= TIMELY.toMillis() ? 1 : 0;
    }

    StageResult result(LoadPlan.Stage stage) {
      double seconds = stage.duration().toMillis() / 1000.0;
      Map<Priority, PriorityResult> priorities = new EnumMap<>(Priority.class);
      long produced = 0;
      for (Priority priority : Priority.values()) {
        PriorityResult result = result(priority);
        priorities.put(priority, result);
        produced += result.produced();
      }
      return new StageResult(
          stage.name(), produced / seconds, cameOut / seconds, timely / seconds, priorities);
    }

    private PriorityResult result(Priority priority) {
      Map<Fate, Long> byFate = new EnumMap<>(Fate.class);
      long produced = 0;
      for (Fate fate : Fate.values()) {
        long count = fates[priority.ordinal()][fate.ordinal()];
        byFate.put(fate, count);
        produced += count;
      }
      Histogram histogram = latencies[priority.ordinal()];
      return new PriorityResult(
          produced,
          byFate.get(Fate.DELIVERED),
          percentile(histogram, 50),
          percentile(histogram, 99),
          histogram.getTotalCount() == 0 ? Double.NaN : histogram.getMaxValue(),
          byFate);
    }
  }
}
