package io.spillway.benchmarks.programs;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.benchmarks.overload.OverloadPlan;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.Processing;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs each {@link Side} in turns under the same load: a warm-up at half of the capacity with one
 * short overload, then five times the capacity. They read the same topic, wait as long for each
 * event on as many workers and write the same receipts. The programs run in the process of the
 * bench. Capacity is measured first, on plain Flink.
 */
public final class ProgramRuns {
  private static final int CALIBRATION_SECONDS = 30;
  private static final int START_SECONDS = 8;
  private static final double IDLE = 0.5;
  private static final double OVERLOAD = 5;

  /** Before anything is judged, all have seen one short overload and have worked it off. */
  private static final double FIRST_OVERLOAD = 2;

  private static final int BURST = 2;
  private static final int REST = 6;

  /** For what is under way at the end; what waits longer is not in time. */
  private static final Duration DRAIN = Duration.ofSeconds(3);

  /** Half of what counts as in time, so that the work and the way out fit into the rest. */
  private static final AgeLimit AGE = new AgeLimit(Duration.ofMillis(500));

  /** Of each priority below CRITICAL: an eighth of a second of work at 500 events/s. */
  private static final int PEKKO_BUFFER = 64;

  private static final Duration RATE_PERIOD = Duration.ofMillis(20);

  /** Beyond two at work, these keep the workers busy between two polls of the consumer. */
  private static final int BULKHEAD_REST = 10;

  private static final int BULKHEAD_CRITICAL = 200;

  private final OnTime onTime = new OnTime("programs");
  private final int rounds;
  private final int warmUp;
  private final int overload;

  public ProgramRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.warmUp = quick ? 10 : 15;
    this.overload = quick ? 15 : 20;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    double run = warmUp + BURST + REST + overload + DRAIN.toSeconds() + START_SECONDS;
    return CALIBRATION_SECONDS + rounds * Side.values().length * run;
  }

  /** Figures of each round by side. */
  public Map<Side, List<ProgramFigures>> run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", OVERLOAD, Duration.ofSeconds(overload));
    progress.say("programs: measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Map<Side, List<ProgramFigures>> figures = new EnumMap<>(Side.class);
    for (int round = 1; round <= rounds; round++) {
      for (Side side : Side.values()) {
        progress.say("programs, round %d of %d: %s".formatted(round, rounds, side.words()));
        figures
            .computeIfAbsent(side, none -> new ArrayList<>())
            .add(figures(cluster, demo, side, capacity, progress));
      }
    }
    return figures;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private ProgramFigures figures(
      LocalCluster cluster, DemoPlan demo, Side side, double capacity, Progress progress) {
    Variant variant = demo.spillway().named(side.words());
    Scenario scenario = new Scenario(variant, plan(capacity), DRAIN, DRAIN);
    RunResult result =
        onTime.of(
            progress,
            () ->
                side == Side.SPILLWAY
                    ? scenario.run(cluster, progress, row -> {})
                    : scenario.runProgram(
                        cluster, progress, () -> start(cluster, variant, side, capacity)));
    if (result.stage(OverloadPlan.AT_5X).goodputPerSecond() == 0) {
      throw SandboxException.failure("%s: nothing came out".formatted(side.words()));
    }
    return ProgramFigures.of(result);
  }

  private static Processing start(
      LocalCluster cluster, Variant variant, Side side, double capacity) {
    ProgramTopics topics =
        new ProgramTopics(
            cluster.bootstrapServers(),
            variant.topics().inputs().get(0),
            variant.topics().receipts());
    Optional<Gate> gate =
        switch (side) {
          case SPILLWAY, KAFKA_STREAMS, PEKKO -> Optional.empty();
          case RATE_LIMITER ->
              Optional.of(new RateGate(capacity * (1 - criticalShare()), RATE_PERIOD));
          case BULKHEAD -> Optional.of(new BulkheadGate(BULKHEAD_CRITICAL, BULKHEAD_REST));
          case CONCURRENCY_LIMITS -> Optional.of(new ConcurrencyGate(System::nanoTime));
        };
    int workers = variant.parallelism();
    int micros = DemoPlan.WORK_MICROS;
    if (gate.isPresent()) {
      return new GatedProgram(side.words(), gate.get(), topics, workers, micros);
    }
    return side == Side.PEKKO
        ? new PekkoProgram(PEKKO_BUFFER, topics, workers, micros)
        : new StreamsProgram(AGE, topics, workers, micros, cluster.spec().stateDir().toString());
  }

  /** What CRITICAL takes of the capacity in the overload. */
  private static double criticalShare() {
    return OVERLOAD * 0.05;
  }

  private LoadPlan plan(double capacity) {
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, IDLE * capacity, Duration.ofSeconds(warmUp)),
            new Stage("first overload", FIRST_OVERLOAD * capacity, Duration.ofSeconds(BURST)),
            new Stage("rest", IDLE * capacity, Duration.ofSeconds(REST)),
            new Stage(OverloadPlan.AT_5X, OVERLOAD * capacity, Duration.ofSeconds(overload))),
        Map.of("mix", DemoPlan.MIX));
  }
}
