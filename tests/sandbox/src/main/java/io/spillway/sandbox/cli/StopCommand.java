package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "stop",
    description = "Stop a job here with a savepoint; --from-latest goes on from it.",
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "iot, transactions, video, webhook, load or replay, or the id of a run")
  private String job;

  @Option(
      names = "--drain",
      description = "for good: windows are sent as they are, and nothing should go on from it")
  private boolean drain;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    String id = job.matches("[0-9a-f]{32}") ? job : cluster.runningJob(job);
    command.commandLine().getOut().println("savepoint " + cluster.stopWithSavepoint(id, drain));
    return 0;
  }
}
