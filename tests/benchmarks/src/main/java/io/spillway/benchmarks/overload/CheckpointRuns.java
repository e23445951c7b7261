package io.spillway.benchmarks.overload;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.FlinkRest.Checkpoint;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long checkpoints of the demo's job take while it has half of what it can do, and while it has
 * five times as much: one a second is asked for, and Flink says how long each took. A checkpoint
 * that did not complete counts with the time it had until then.
 */
public final class CheckpointRuns {
  private static final String CALM = "calm";
  private static final String OVERLOAD = "5x";
  private static final double IDLE = 0.5;
  private static final double FACTOR = 5;
  private static final int START_SECONDS = 60;
  private static final int WARM_UP_SECONDS = 20;

  /** At the beginning of a stage, until what it does to the job has been done. */
  private static final int SETTLE_SECONDS = 5;

  private final OnTime onTime = new OnTime("checkpoints");
  private final int rounds;
  private final int seconds;

  /** 95th percentiles of one round, in milliseconds. */
  public record Figures(double calmMillis, double overloadMillis) {
    public double ratio() {
      return overloadMillis / calmMillis;
    }
  }

  /** One element of each list for each round. */
  public record Outcome(List<Figures> plain, List<Figures> spillway) {}

  public CheckpointRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.seconds = quick ? 20 : 60;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return START_SECONDS + 2 * rounds * (load(1000).duration().toSeconds() + 15);
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", FACTOR, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    for (int round = 1; round <= rounds; round++) {
      progress.say("checkpoints, round %d of %d: plain Flink".formatted(round, rounds));
      outcome.plain().add(figures(cluster, demo.plain(), capacity, progress));
      progress.say("checkpoints, round %d of %d: Spillway".formatted(round, rounds));
      outcome.spillway().add(figures(cluster, demo.spillway(), capacity, progress));
    }
    return outcome;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private Figures figures(
      LocalCluster cluster, Variant variant, double capacity, Progress progress) {
    Map<Long, Checkpoint> seen = new TreeMap<>();
    FlinkRest rest = new FlinkRest(cluster.rest());
    Scenario scenario = new Scenario(variant, load(capacity), Duration.ZERO, Duration.ZERO);
    RunResult run =
        onTime.of(
            progress,
            () -> {
              seen.clear();
              return scenario.run(cluster, progress, row -> lookAndAsk(rest, seen));
            });
    long calm = run.timeline().startMillis() + 1000L * WARM_UP_SECONDS;
    long overload = calm + 1000L * (SETTLE_SECONDS + seconds);
    return new Figures(
        percentile95(CALM, seen.values(), calm), percentile95(OVERLOAD, seen.values(), overload));
  }

  /** One at a time: a second that is asked for would wait, and its wait would count. */
  private static void lookAndAsk(FlinkRest rest, Map<Long, Checkpoint> seen) {
    for (FlinkRest.Job job : rest.jobs()) {
      if (!job.hasEnded()) {
        List<Checkpoint> checkpoints = rest.checkpoints(job.id());
        checkpoints.forEach(one -> seen.put(one.id(), one));
        if (checkpoints.isEmpty() || !checkpoints.get(0).underWay()) {
          rest.startCheckpoint(job.id());
        }
      }
    }
  }

  private double percentile95(String stage, Collection<Checkpoint> all, long fromMillis) {
    long from = fromMillis + 1000L * SETTLE_SECONDS;
    long to = from + 1000L * seconds;
    long[] millis =
        all.stream()
            .filter(one -> one.startMillis() >= from && one.startMillis() < to)
            .mapToLong(Checkpoint::endToEndMillis)
            .sorted()
            .toArray();
    if (millis.length == 0) {
      throw SandboxException.failure("no checkpoint was started in the stage " + stage);
    }
    return millis[(int) Math.ceil(0.95 * millis.length) - 1];
  }

  private LoadPlan load(double capacity) {
    Duration each = Duration.ofSeconds(SETTLE_SECONDS + seconds);
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, IDLE * capacity, Duration.ofSeconds(WARM_UP_SECONDS)),
            new Stage(CALM, IDLE * capacity, each),
            new Stage(OVERLOAD, FACTOR * capacity, each)),
        Map.of("mix", DemoPlan.MIX));
  }
}
