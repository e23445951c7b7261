package io.spillway.sandbox.autoscale;

import io.spillway.sandbox.cli.ClusterOptions;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "autoscale",
    description =
        "Scale a cluster in reactive mode as Kubernetes would, by what Prometheus says, until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class AutoscaleCommand implements Callable<Integer> {
  @Option(
      names = "--min",
      paramLabel = "N",
      defaultValue = "1",
      description = "fewest TaskManagers (default: ${DEFAULT-VALUE})")
  private int min;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "4",
      description = "most TaskManagers (default: ${DEFAULT-VALUE})")
  private int max;

  @Option(
      names = "--target",
      paramLabel = "LOAD",
      defaultValue = "0.75",
      description = "offered load / capacity to aim at (default: ${DEFAULT-VALUE})")
  private double target;

  @Option(
      names = "--up-window",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "more only when so long more was asked for (default: ${DEFAULT-VALUE})")
  private int upWindow;

  @Option(
      names = "--down-window",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "fewer only when so long fewer were asked for (default: ${DEFAULT-VALUE})")
  private int downWindow;

  @Option(
      names = "--down-period",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "one less in this time at most (default: ${DEFAULT-VALUE})")
  private int downPeriod;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "a round in this time (default: ${DEFAULT-VALUE}, as in Kubernetes)")
  private int every;

  @Option(
      names = "--query",
      paramLabel = "PROMQL",
      defaultValue = PrometheusQuery.LOAD,
      description = "what Prometheus is asked for (default: ${DEFAULT-VALUE})")
  private String query;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    Autoscaler autoscaler = new Autoscaler(options());
    if (every < 1 || every > 600) {
      throw SandboxException.wrongUse("--every %d: give seconds from 1 to 600".formatted(every));
    }
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    cluster.reactiveJob();
    PrometheusQuery prometheus = new PrometheusQuery(cluster.prometheus(), query);
    PrintWriter out = command.commandLine().getOut();
    while (true) {
      round(autoscaler, prometheus, out);
      Thread.sleep(Duration.ofSeconds(every).toMillis());
    }
  }

  AutoscalerOptions options() {
    return new AutoscalerOptions(
        min,
        max,
        target,
        Duration.ofSeconds(upWindow),
        Duration.ofSeconds(downWindow),
        Duration.ofSeconds(downPeriod));
  }

  private static void round(Autoscaler autoscaler, PrometheusQuery prometheus, PrintWriter out) {
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    Decision decision =
        autoscaler.decide(
            System.nanoTime() / 1_000_000, cluster.spec().taskManagers(), prometheus.ask());
    out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + decision.explain());
    if (decision.isChange()) {
      cluster.scale(decision.wanted(), line -> out.println("          " + line));
    }
  }
}
