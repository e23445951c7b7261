package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "scale",
    description =
        "Start or stop TaskManagers of a cluster in reactive mode, and wait until the job has followed.",
    mixinStandardHelpOptions = true)
final class ScaleCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "N", description = "how many TaskManagers there shall be")
  private int taskManagers;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    LocalCluster.require(ClusterOptions.stateDir()).scale(taskManagers, out::println);
    return 0;
  }
}
