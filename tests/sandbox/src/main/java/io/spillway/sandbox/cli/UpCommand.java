package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.ReactiveJob;
import io.spillway.sandbox.cluster.SandboxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    description =
        "Start Kafka, a Flink JobManager, TaskManagers and the SQL gateway here, each a process.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options;

  @Option(
      names = "--monitoring",
      description =
          "also start Prometheus with the rules of k8s-operator/monitoring, and Alertmanager")
  private boolean monitoring;

  @Option(
      names = "--reactive",
      paramLabel = "JOB",
      description =
          "in reactive mode with this one job (iot, transactions or video): it takes every slot there is, see scale")
  private Optional<String> reactive = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting of the job of --reactive (repeatable)")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--from-latest",
      description =
          "the job of --reactive goes on from the last checkpoint or savepoint that an earlier run of it here has left")
  private boolean fromLatest;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    LocalCluster cluster =
        fromLatest
            ? LocalCluster.upFromLatest(spec(), out::println)
            : LocalCluster.up(spec(), out::println);
    if (reactive.isEmpty()) {
      cluster.startSqlGateway(out::println);
    }
    if (monitoring) {
      cluster.startMonitoring(out::println);
    }
    StatusTable.print(cluster, out);
    return 0;
  }

  private ClusterSpec spec() {
    if (reactive.isEmpty() && !settings.isEmpty()) {
      throw SandboxException.wrongUse(
          "--set is for the job of --reactive; other jobs get theirs from './spillway submit'");
    }
    if (reactive.isEmpty() && fromLatest) {
      throw SandboxException.wrongUse(
          "--from-latest is for the job of --reactive; other jobs go on with './spillway submit JOB --from-latest'");
    }
    ClusterSpec spec = options.spec();
    return reactive
        .map(job -> spec.reactive(new ReactiveJob(JobName.of(job), settings)))
        .orElse(spec);
  }
}
