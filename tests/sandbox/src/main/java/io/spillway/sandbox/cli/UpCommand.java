package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
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

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    LocalCluster cluster = LocalCluster.up(options.spec(), out::println);
    cluster.startSqlGateway(out::println);
    if (monitoring) {
      cluster.startMonitoring(out::println);
    }
    StatusTable.print(cluster, out);
    return 0;
  }
}
