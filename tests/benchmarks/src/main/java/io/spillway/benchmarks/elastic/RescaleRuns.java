package io.spillway.benchmarks.elastic;

import io.spillway.benchmarks.elastic.RescaleSetting.Kind;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.DirectoryTree;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.ReactiveJob;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long a job in reactive mode gives no results when its scale changes, for each {@link
 * RescaleSetting}, at a load that one TaskManager carries. Each setting has a cluster of its own,
 * which starts empty with one TaskManager: three more come at once, they are killed one by one,
 * come back one by one, and are stopped one by one.
 */
public final class RescaleRuns {
  private static final int WORK_MICROS = 2_500;

  /** A quarter of what one subtask can do: what waited meanwhile is soon done. */
  private static final double RATE = 0.25 * 1e6 / WORK_MICROS;

  private static final Duration LOAD_LIMIT = Duration.ofMinutes(15);

  private final OnTime onTime = new OnTime("rescale", OnTime.LATEST_MILLIS_AMONG_STARTS);
  private final Path stateDir;
  private final int portsFrom;
  private final int most;

  /**
   * Seconds, one figure for each change of that kind; none for a kind that was not measured.
   *
   * @param used from when a TaskManager had registered until the job ran on it
   * @param out without a result while one came
   * @param atOnce without a result while several came at once
   * @param interruptions into how many pieces that was cut
   * @param killed without a result after one was killed
   * @param in without a result while one was stopped
   * @param lateMillis how late the generator was, 99th percentile
   */
  public record Outcome(
      RescaleSetting setting,
      List<Double> used,
      List<Double> out,
      double atOnce,
      int interruptions,
      List<Double> killed,
      List<Double> in,
      double lateMillis) {}

  public RescaleRuns(ClusterSpec bench, boolean quick) {
    this.stateDir = bench.stateDir().resolve("elastic");
    this.portsFrom = ReactivePorts.besides(bench);
    this.most = quick ? 2 : 4;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return RescaleSetting.ALL.size() * (55 + 25 * (most - 1));
  }

  /**
   * @param each is shown each outcome as soon as it is there
   */
  public List<Outcome> run(Progress progress, Consumer<Outcome> each) {
    List<Outcome> all = new ArrayList<>();
    for (RescaleSetting setting : RescaleSetting.ALL) {
      progress.say(
          "changes of scale, %s (%d of %d)"
              .formatted(setting.name(), all.size() + 1, RescaleSetting.ALL.size()));
      Outcome outcome = onTime.of(progress, () -> run(setting), Outcome::lateMillis);
      each.accept(outcome);
      all.add(outcome);
    }
    return all;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private Outcome run(RescaleSetting setting) {
    LocalCluster.running(stateDir).ifPresent(LocalCluster::down);
    DirectoryTree.delete(stateDir);
    Variant variant = Variant.spillway("iot", 1, WORK_MICROS);
    Map<String, String> options = new HashMap<>(setting.options());
    options.put("taskmanager.memory.process.size", "1200m");
    ClusterSpec spec =
        new ClusterSpec(stateDir, 1, 1, portsFrom, options)
            .reactive(new ReactiveJob(JobName.IOT, variant.settings()));
    Thread downOnExit =
        new Thread(() -> LocalCluster.running(stateDir).ifPresent(LocalCluster::down));
    Runtime.getRuntime().addShutdownHook(downOnExit);
    LocalCluster cluster = LocalCluster.up(spec, Progress.SILENT);
    LoadProcess load = load(cluster);
    try (WatchedScale watched = new WatchedScale(cluster, variant.topics())) {
      watched.awaitResults();
      return changes(setting, watched);
    } finally {
      load.stop();
      cluster.down();
      Runtime.getRuntime().removeShutdownHook(downOnExit);
    }
  }

  private Outcome changes(RescaleSetting setting, WatchedScale watched) {
    List<WatchedScale.Change> kills = new ArrayList<>();
    List<WatchedScale.Change> outs = new ArrayList<>();
    List<WatchedScale.Change> ins = new ArrayList<>();
    WatchedScale.Change atOnce = watched.scale(most);
    if (setting.concerns().contains(Kind.KILL)) {
      for (int left = most - 1; left >= 1; left--) {
        kills.add(watched.kill(left));
      }
    } else {
      watched.scale(1);
    }
    if (setting.concerns().contains(Kind.OUT)) {
      for (int wanted = 2; wanted <= most; wanted++) {
        outs.add(watched.scale(wanted));
      }
    }
    if (setting.concerns().contains(Kind.IN)) {
      for (int left = most - 1; left >= 1; left--) {
        ins.add(watched.scale(left));
      }
    }
    Interruptions results = watched.results();
    return new Outcome(
        setting,
        outs.stream().map(WatchedScale.Change::usedAfterSeconds).toList(),
        down(outs, results),
        results.seconds(atOnce.fromMillis(), atOnce.toMillis()),
        results.count(atOnce.fromMillis(), atOnce.toMillis()),
        down(kills, results),
        down(ins, results),
        watched.lateMillis());
  }

  private static List<Double> down(List<WatchedScale.Change> changes, Interruptions results) {
    return changes.stream().map(c -> results.seconds(c.fromMillis(), c.toMillis())).toList();
  }

  private static LoadProcess load(LocalCluster cluster) {
    LoadPlan plan =
        new LoadPlan(List.of(new Stage("steady", RATE, LOAD_LIMIT)), Map.of("mix", DemoPlan.MIX));
    Map<String, String> settings = new HashMap<>(plan.generator());
    settings.put("profile", plan.profile());
    settings.put("events", JobName.IOT.shortName());
    settings.put("topic", JobName.IOT.input());
    settings.put("topic.mode", JobName.IOT.inputMode());
    return cluster.load(settings, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
  }
}
