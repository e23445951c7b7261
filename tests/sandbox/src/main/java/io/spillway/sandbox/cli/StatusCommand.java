package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.ProcessStatus;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = "Show processes and jobs; exit code 3 if not all of them are up.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final int NOT_ALL_UP = 3;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    Optional<LocalCluster> cluster = LocalCluster.last(ClusterOptions.stateDir());
    if (cluster.isEmpty()) {
      out.println("nothing is up; './spillway up' starts it");
      return NOT_ALL_UP;
    }
    StatusTable.print(cluster.get(), out);
    boolean allUp = cluster.get().status().stream().allMatch(ProcessStatus::isRunning);
    return allUp ? 0 : NOT_ALL_UP;
  }
}
