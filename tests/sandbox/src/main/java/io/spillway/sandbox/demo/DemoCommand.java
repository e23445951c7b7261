package io.spillway.sandbox.demo;

import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.ExclusiveUse;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.report.ReportFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./spillway demo}: the same overload on plain Flink and on Spillway, on a real cluster on
 * this machine, measured from outside. Exit code 0 only if every event is accounted for.
 */
@Command(
    name = "demo",
    description = {
      "Show the same overload on plain Flink and on Spillway; takes a few minutes.",
      "Starts the cluster if it is not up, and empties the topics of the job."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--exit", description = "stop what the demo has started when it is done")
  private boolean exit;

  @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file")
  private Path json;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "write the main plots of the report to this file, as SVG")
  private Path picture;

  @Option(
      names = "--factor",
      paramLabel = "X",
      defaultValue = "5",
      description = "overload as a multiple of the measured capacity (default: ${DEFAULT-VALUE})")
  private double factor;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "18",
      description = "length of the overload (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      defaultValue = "iot",
      description = "the job to show: iot, transactions, video (default: ${DEFAULT-VALUE})")
  private String job;

  @Mixin private ClusterOptions cluster;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    DemoPlan plan = plan();
    ReportFiles.requireWritable(json);
    ReportFiles.requireWritable(picture);
    ClusterSpec spec = cluster.spec();
    ExclusiveUse use = ExclusiveUse.of(spec.stateDir());
    try {
      return show(plan, spec);
    } finally {
      use.close();
    }
  }

  private int show(DemoPlan plan, ClusterSpec spec) {
    boolean wasUp = LocalCluster.running(spec.stateDir()).isPresent();
    Thread downOnExit = new Thread(() -> down(spec), "stop-cluster");
    if (exit && !wasUp) {
      Runtime.getRuntime().addShutdownHook(downOnExit);
    }
    PrintWriter out = command.commandLine().getOut();
    LiveTable table = LiveTable.on(out, "results");
    LocalCluster running = LocalCluster.up(spec, table::say);
    requireIdle(running);
    DemoResult result = run(running, plan, table);
    report(result, spec.stateDir(), out);
    if (!exit) {
      out.println(
          "The cluster stays up: web UI %s, stop it with './spillway down'"
              .formatted(running.rest()));
    }
    out.flush();
    return result.isSound() ? 0 : unsound(result);
  }

  private DemoPlan plan() {
    return new DemoPlan(DemoJob.of(job).job().shortName(), factor, Duration.ofSeconds(seconds));
  }

  /** A job of somebody else would lose its topics and take the workers that are measured. */
  private static void requireIdle(LocalCluster cluster) {
    new FlinkRest(cluster.rest())
        .jobs().stream()
            .filter(candidate -> candidate.state().equals("RUNNING"))
            .findFirst()
            .ifPresent(
                other -> {
                  throw SandboxException.failure(
                      "job '%s' is running and the demo needs the cluster to itself: cancel it at %s, or './spillway down'"
                          .formatted(other.name(), cluster.rest()));
                });
  }

  private static DemoResult run(LocalCluster cluster, DemoPlan plan, LiveTable table) {
    try (DemoService service = DemoService.of(plan.job())) {
      return run(cluster, plan, service, table);
    }
  }

  private static DemoResult run(
      LocalCluster cluster, DemoPlan plan, DemoService service, LiveTable table) {
    table.say("measuring capacity on plain Flink");
    double capacity =
        Calibration.capacity(
            cluster,
            service.askedBy(plan.plain()),
            Calibration.expectedPerSecond(plan.plain()),
            table::say,
            table);
    table.leave();
    table.say("capacity: %s events/s".formatted(Figures.count(capacity)));
    LoadPlan load = plan.load(capacity);
    List<RunResult> results = new ArrayList<>();
    Map<String, Long> questions = new HashMap<>();
    for (Variant variant : plan.variants()) {
      service.questions();
      results.add(new Scenario(service.askedBy(variant), load).run(cluster, table::say, table));
      service.questions().ifPresent(asked -> questions.put(variant.name(), asked));
      table.leave();
    }
    return new DemoResult(plan.factor(), capacity, results.get(0), results.get(1), questions);
  }

  private void report(DemoResult result, Path stateDir, PrintWriter out) {
    ComparisonTable.print(result, out);
    ReportFiles files = ReportFiles.in(stateDir.resolve("reports"));
    Path page =
        files.write(
            result.job().equals("iot") ? "demo" : "demo-" + result.job(), DemoPage.of(result));
    out.println();
    out.println("report with plots: " + page);
    if (picture != null) {
      ReportFiles.write(picture, DemoPicture.of(result).svg());
      out.println("picture: " + picture);
    }
    if (json != null) {
      ReportFiles.write(json, DemoJson.of(result));
      out.println("figures: " + json);
    }
  }

  private int unsound(DemoResult result) {
    for (RunResult run : List.of(result.plain(), result.spillway())) {
      if (!run.isSound()) {
        command
            .commandLine()
            .getErr()
            .println(
                "spillway: %s does not add up: %d events unaccounted, %d unknown, %d critical events missing (first: %s)"
                    .formatted(
                        run.variant().name(),
                        run.conservation().unaccounted(),
                        run.conservation().unknown(),
                        run.missingCriticalCount(),
                        run.missingCritical().stream().limit(3).toList()));
      }
    }
    return 1;
  }

  private static void down(ClusterSpec spec) {
    LocalCluster.running(spec.stateDir()).ifPresent(LocalCluster::down);
  }
}
