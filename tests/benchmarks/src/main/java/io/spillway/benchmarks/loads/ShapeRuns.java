package io.spillway.benchmarks.loads;

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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs the job of the demo under each {@link LoadShape}. */
public final class ShapeRuns {
  private static final String CALM = "calm";
  private static final String AFTER = "after";
  private static final int START_SECONDS = 40;
  private static final int WARM_UP_SECONDS = 15;
  private static final int FIRST_OVERLOAD_SECONDS = 2;
  private static final int REST_SECONDS = 6;
  private static final int CALM_SECONDS = 10;
  private static final int AFTER_SECONDS = 4;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final OnTime onTime = new OnTime("loads");
  private final int rounds;
  private final Duration length;

  public ShapeRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.length = Duration.ofSeconds(quick ? 15 : 30);
  }

  /** Seconds it will take, about. */
  public double seconds() {
    double load = plan(LoadShape.STEP, 1000).duration().toSeconds();
    return START_SECONDS + rounds * LoadShape.values().length * (load + 15);
  }

  /** What came out by shape, one element for each round. */
  public Map<LoadShape, List<ShapeFigures>> run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", 12, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Map<LoadShape, List<ShapeFigures>> figures = new EnumMap<>(LoadShape.class);
    for (int round = 1; round <= rounds; round++) {
      for (LoadShape shape : LoadShape.values()) {
        progress.say("%s, round %d of %d".formatted(shape.title(), round, rounds));
        figures
            .computeIfAbsent(shape, same -> new ArrayList<>())
            .add(figures(cluster, demo.spillway(), shape, capacity, progress));
      }
    }
    return figures;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private ShapeFigures figures(
      LocalCluster cluster, Variant spillway, LoadShape shape, double capacity, Progress progress) {
    Variant variant =
        shape.slowEvery().isZero()
            ? spillway
            : spillway.with("work.slow-every", shape.slowEvery().toSeconds() + "s");
    LoadPlan plan = plan(shape, capacity);
    Scenario scenario = new Scenario(variant, plan, DRAIN, DRAIN);
    RunResult run = onTime.of(progress, () -> scenario.run(cluster, progress, row -> {}));
    return figures(run, shape, capacity);
  }

  private ShapeFigures figures(RunResult run, LoadShape shape, double capacity) {
    long calmTo =
        run.verdict().startMillis()
            + run.plan().duration().toMillis()
            - length.plusSeconds(AFTER_SECONDS).toMillis();
    return ShapeFigures.of(
        run.accounts(),
        capacity,
        shape.slowEvery(),
        calmTo - 1000L * CALM_SECONDS,
        calmTo,
        calmTo,
        calmTo + length.toMillis());
  }

  /** Before anything is judged, the job has seen a short overload and has worked it off. */
  private LoadPlan plan(LoadShape shape, double capacity) {
    List<Stage> stages = new ArrayList<>();
    stages.add(stage(LoadPlan.WARM_UP, LoadShape.IDLE * capacity, WARM_UP_SECONDS));
    stages.add(stage("first overload", 2 * capacity, FIRST_OVERLOAD_SECONDS));
    stages.add(stage("rest", LoadShape.IDLE * capacity, REST_SECONDS));
    stages.add(stage(CALM, LoadShape.IDLE * capacity, CALM_SECONDS));
    stages.addAll(shape.stages(capacity, length));
    stages.add(stage(AFTER, LoadShape.IDLE * capacity, AFTER_SECONDS));
    return new LoadPlan(stages, shape.generator());
  }

  private static Stage stage(String name, double ratePerSecond, int seconds) {
    return new Stage(name, ratePerSecond, Duration.ofSeconds(seconds));
  }
}
