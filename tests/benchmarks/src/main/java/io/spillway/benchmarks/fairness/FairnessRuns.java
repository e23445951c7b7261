package io.spillway.benchmarks.fairness;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the job of the demo at five times its capacity with events of one priority from a hundred
 * sources, of which one sends fifty times as much as another, with fair shares and without.
 */
public final class FairnessRuns {
  /** Sources that send. */
  public static final int SOURCES = 100;

  private static final int NOISY_FACTOR = 50;
  private static final double OVERLOAD = 5;
  private static final int START_SECONDS = 50;
  private static final int WARM_UP_SECONDS = 10;
  private static final int SETTLE_SECONDS = 8;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final OnTime onTime = new OnTime("sources");
  private final int rounds;
  private final int seconds;

  /**
   * Jain's index over the sources, and the share of all deliveries that the noisy one got.
   *
   * @param fairWithin the lowest index among the sources of one partition
   * @param mostInAPartition sources of the partition that has most
   */
  public record Round(
      double fair,
      double fairWithin,
      double mostInAPartition,
      double fairMost,
      double plain,
      double plainMost) {}

  public FairnessRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.seconds = quick ? 20 : 40;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return START_SECONDS + rounds * 2 * (load(1000).duration().toSeconds() + 15);
  }

  /** Runs both sides in turns. */
  public List<Round> run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", OVERLOAD, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Variant fair = demo.spillway().named("fair shares").with("admission.fair-sources", "true");
    Variant byChance = demo.spillway().named("by chance").with("admission.fair-sources", "false");
    List<Round> results = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("one noisy source of %d, round %d of %d".formatted(SOURCES, round, rounds));
      SourceShares with = shares(cluster, fair, capacity, progress);
      SourceShares without = shares(cluster, byChance, capacity, progress);
      results.add(
          new Round(
              with.jain(SOURCES),
              with.jainWithinAPartition(),
              with.mostInAPartition(),
              most(with),
              without.jain(SOURCES),
              most(without)));
    }
    return results;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private SourceShares shares(
      LocalCluster cluster, Variant variant, double capacity, Progress progress) {
    LoadPlan load = load(capacity);
    Scenario scenario = new Scenario(variant, load, DRAIN, DRAIN);
    RunResult run = onTime.of(progress, () -> scenario.run(cluster, progress, row -> {}));
    long end = run.verdict().startMillis() + load.duration().toMillis();
    return SourceShares.read(cluster, variant.topics(), end - seconds * 1000L, end);
  }

  private static double most(SourceShares shares) {
    long all = shares.deliveredBySource().values().stream().mapToLong(n -> n).sum();
    return all == 0 ? 0 : (double) shares.most() / all;
  }

  private LoadPlan load(double capacity) {
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, 0.7 * capacity, Duration.ofSeconds(WARM_UP_SECONDS)),
            new Stage("overload", OVERLOAD * capacity, Duration.ofSeconds(SETTLE_SECONDS)),
            new Stage("settled", OVERLOAD * capacity, Duration.ofSeconds(seconds))),
        Map.of(
            "mix", "critical=0,high=0,normal=100,bulk=0",
            "sources", String.valueOf(SOURCES),
            "noisy.factor", String.valueOf(NOISY_FACTOR)));
  }
}
