package io.spillway.benchmarks.payments;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.measure.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The transaction job at five times its capacity, on plain Flink and on Spillway in turns: how many
 * payments are decided within the deadline.
 */
public final class PaymentRuns {
  private static final double OVERLOAD = 5;
  private static final int CALIBRATION_SECONDS = 40;
  private static final int START_SECONDS = 20;

  private final OnTime onTime = new OnTime("payments");
  private final int rounds;
  private final Duration overload;

  /**
   * Of each round: payments decided in time, per second of the overload.
   *
   * @param lost payments without a decision on Spillway
   */
  public record Outcome(List<Double> plain, List<Double> spillway, List<Double> lost) {}

  public PaymentRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.overload = Duration.ofSeconds(quick ? 10 : 20);
  }

  /** Seconds it will take, about: plain Flink works off what it has not done in time. */
  public double seconds() {
    double load = demo().load(1000).duration().toSeconds() + START_SECONDS;
    return CALIBRATION_SECONDS + rounds * (2 * load + (OVERLOAD - 1) * overload.toSeconds());
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = demo();
    progress.say("payments: measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    LoadPlan load = demo.load(capacity);
    List<Double> plain = new ArrayList<>();
    List<Double> spillway = new ArrayList<>();
    List<Double> lost = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("payments, round %d of %d: plain Flink".formatted(round, rounds));
      plain.add(inTime(run(cluster, demo.plain(), load, progress), load));
      progress.say("payments, round %d of %d: Spillway".formatted(round, rounds));
      RunResult ours = run(cluster, demo.spillway(), load, progress);
      spillway.add(inTime(ours, load));
      lost.add((double) ours.missingCriticalCount());
    }
    return new Outcome(plain, spillway, lost);
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private DemoPlan demo() {
    return new DemoPlan("transactions", OVERLOAD, overload);
  }

  private RunResult run(LocalCluster cluster, Variant variant, LoadPlan load, Progress progress) {
    return onTime.of(progress, () -> Scenario.run(cluster, variant, load, progress));
  }

  private double inTime(RunResult run, LoadPlan load) {
    long start = run.accounts().firstSentMillis().orElse(0);
    long[] count = new long[1];
    run.accounts()
        .forEach(
            (priority, fate, sent, done) -> {
              boolean payment = priority == Priority.CRITICAL && fate == Fate.DELIVERED;
              String stage = load.stages().get(load.stageAt(sent - start)).name();
              if (payment && stage.equals("overload") && done - sent <= Verdict.TIMELY.toMillis()) {
                count[0]++;
              }
            });
    return count[0] / (double) overload.toSeconds();
  }
}
