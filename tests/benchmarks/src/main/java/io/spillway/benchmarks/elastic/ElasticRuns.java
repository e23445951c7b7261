package io.spillway.benchmarks.elastic;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.sandbox.autoscale.Autoscaler;
import io.spillway.sandbox.autoscale.AutoscalerOptions;
import io.spillway.sandbox.autoscale.PrometheusQuery;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.DirectoryTree;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.ReactiveJob;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.Timeline;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.measure.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A surge of four times the capacity on a job in reactive mode with one TaskManager, during which
 * as many are started as the autoscaler asks for: once with shedding, once with reactive mode
 * alone. Each run has a cluster of its own, which starts empty.
 */
public final class ElasticRuns {
  /** One subtask, which waits this long for each event. */
  static final int WORK_MICROS = 2_500;

  public static final double CAPACITY = 1e6 / WORK_MICROS;
  private static final double SURGE = 4;
  private static final String SURGE_STAGE = "surge";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int WARM_UP_SECONDS = 20;
  private static final int AFTER_SECONDS = 10;

  /** Longer than the rates that Prometheus is asked for look back. */
  private static final int ASKED_AFTER_SECONDS = 18;

  private static final int START_SECONDS = 40;
  private static final int MAX = 8;

  private static final AutoscalerOptions OPTIONS =
      new AutoscalerOptions(1, MAX, 0.75, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  private final OnTime onTime = new OnTime("elastic", OnTime.LATEST_MILLIS_AMONG_STARTS);
  private final Path stateDir;
  private final int portsFrom;
  private final int rounds;
  private final int surgeSeconds;

  /** From this time on the job runs on as many TaskManagers. */
  public record Scale(long atMillis, int taskManagers) {}

  /**
   * One run.
   *
   * @param inTime events of the surge whose result came within a second of when they were sent
   * @param asked TaskManagers that the formula asked for with one, under four times its capacity
   * @param askedThen what it asked for with as many, under the same load
   * @param lateMillis how late the generator was, 99th percentile
   */
  public record Run(
      Timeline timeline,
      List<Scale> scales,
      long inTime,
      double asked,
      double askedThen,
      double lateMillis) {}

  /** Both sides, one after the other. */
  public record Round(Run shedding, Run reactiveAlone) {}

  public ElasticRuns(ClusterSpec bench, boolean quick) {
    this.stateDir = bench.stateDir().resolve("elastic");
    this.portsFrom = ReactivePorts.besides(bench);
    this.rounds = quick ? 1 : 3;
    this.surgeSeconds = quick ? 75 : 100;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return rounds * 2 * (START_SECONDS + WARM_UP_SECONDS + surgeSeconds + AFTER_SECONDS);
  }

  public List<Round> run(Progress progress) {
    List<Round> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("a surge on a reactive job that sheds, round %d of %d".formatted(round, rounds));
      Variant spillway = Variant.spillway("iot", 1, WORK_MICROS);
      Run shedding = onTime.of(progress, () -> run(spillway, 0, progress), Run::lateMillis);
      progress.say("the same with reactive mode alone, round %d of %d".formatted(round, rounds));
      Variant plain = Variant.plain("iot", 1, WORK_MICROS);
      int scaleTo = (int) Math.round(shedding.asked());
      Run alone = onTime.of(progress, () -> run(plain, scaleTo, progress), Run::lateMillis);
      all.add(new Round(shedding, alone));
    }
    return all;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  /**
   * @param scaleTo 0: what the autoscaler asks for
   */
  private Run run(Variant variant, int scaleTo, Progress progress) {
    LocalCluster.running(stateDir).ifPresent(LocalCluster::down);
    DirectoryTree.delete(stateDir);
    ClusterSpec spec =
        new ClusterSpec(
            stateDir, 1, 1, portsFrom, Map.of("taskmanager.memory.process.size", "1200m"));
    Thread downOnExit =
        new Thread(() -> LocalCluster.running(stateDir).ifPresent(LocalCluster::down));
    Runtime.getRuntime().addShutdownHook(downOnExit);
    LocalCluster cluster =
        LocalCluster.up(
            spec.reactive(new ReactiveJob(JobName.IOT, variant.settings())), Progress.SILENT);
    try {
      return surge(cluster, variant, scaleTo, progress);
    } finally {
      cluster.down();
      Runtime.getRuntime().removeShutdownHook(downOnExit);
    }
  }

  private Run surge(LocalCluster cluster, Variant variant, int scaleTo, Progress progress) {
    cluster.startMonitoring(ElasticRuns::inSeconds, Progress.SILENT);
    PrometheusQuery prometheus = new PrometheusQuery(cluster.prometheus(), PrometheusQuery.LOAD);
    Autoscaler autoscaler = new Autoscaler(OPTIONS);
    LoadPlan plan = plan();
    LoadProcess load = load(cluster, plan);
    try (Judge judge = new Judge(cluster.bootstrapServers(), variant.topics())) {
      awaitSecond(judge, load, WARM_UP_SECONDS + ASKED_AFTER_SECONDS);
      int asked = scaleTo == 0 ? asked(autoscaler, 1, prometheus.ask()) : scaleTo;
      long begin = judge.accounts().firstSentMillis().orElseThrow();
      cluster.scale(Math.min(asked, MAX), progress);
      Scale after = new Scale(System.currentTimeMillis(), Math.min(asked, MAX));
      awaitSecond(judge, load, WARM_UP_SECONDS + surgeSeconds - 2);
      int askedThen = asked(autoscaler, after.taskManagers(), prometheus.ask());
      load.await(Duration.ofSeconds(60));
      judge.catchUp(Duration.ofSeconds(60));
      Accounts accounts = judge.accounts();
      return new Run(
          Timeline.of(accounts, begin, Duration.ofSeconds(1)),
          List.of(new Scale(begin, 1), after),
          inTime(accounts, begin),
          asked,
          askedThen,
          judge.generatorLag().getValueAtPercentile(99));
    } finally {
      load.stop();
    }
  }

  private static int asked(Autoscaler autoscaler, int there, OptionalDouble load) {
    return autoscaler.asked(
        there,
        load.orElseThrow(
            () -> SandboxException.failure("Prometheus does not know the load of the job")));
  }

  private LoadPlan plan() {
    return new LoadPlan(
        List.of(
            new Stage(LoadPlan.WARM_UP, 0.5 * CAPACITY, Duration.ofSeconds(WARM_UP_SECONDS)),
            new Stage(SURGE_STAGE, SURGE * CAPACITY, Duration.ofSeconds(surgeSeconds)),
            new Stage("after", 0.5 * CAPACITY, Duration.ofSeconds(AFTER_SECONDS))),
        Map.of("mix", DemoPlan.MIX));
  }

  private static LoadProcess load(LocalCluster cluster, LoadPlan plan) {
    Map<String, String> settings = new HashMap<>(plan.generator());
    settings.put("profile", plan.profile());
    settings.put("events", JobName.IOT.shortName());
    settings.put("topic", JobName.IOT.input());
    settings.put("topic.mode", JobName.IOT.inputMode());
    return cluster.load(settings, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
  }

  private static void awaitSecond(Judge judge, LoadProcess load, int second) {
    while (second(judge) < second) {
      if (!load.isAlive()) {
        throw SandboxException.failure("the load ended early (log: %s)".formatted(load.log()));
      }
      judge.poll(POLL);
    }
  }

  private static long second(Judge judge) {
    return judge.accounts().firstSentMillis().stream()
        .map(first -> (System.currentTimeMillis() - first) / 1000)
        .findFirst()
        .orElse(-1);
  }

  private long inTime(Accounts accounts, long begin) {
    long from = begin + WARM_UP_SECONDS * 1000L;
    long to = from + surgeSeconds * 1000L;
    long[] count = new long[1];
    accounts.forEach(
        (priority, fate, sent, done) -> {
          if (fate == Fate.DELIVERED
              && sent >= from
              && sent < to
              && done - sent <= Verdict.TIMELY.toMillis()) {
            count[0]++;
          }
        });
    return count[0];
  }

  /** A minute is longer than the surge: rates over fifteen seconds, asked every two. */
  static String inSeconds(String configuration) {
    return configuration
        .replaceAll("interval: [0-9]+[smh]", "interval: 2s")
        .replaceAll("\\[1m]", "[15s]");
  }
}
