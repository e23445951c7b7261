package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.DirectoryTree;
import io.spillway.sandbox.cluster.LocalCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "down",
    description = "Stop everything that up started; no process and no port is left.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  private static final List<String> DATA =
      List.of(
          "kafka",
          "checkpoints",
          "savepoints",
          "work",
          "tmp",
          "conf",
          "log",
          "prometheus",
          "alertmanager");

  @Spec private CommandSpec command;

  @Option(names = "--delete", description = "also delete topics, checkpoints, savepoints and logs")
  private boolean delete;

  @Override
  public Integer call() {
    var out = command.commandLine().getOut();
    Path stateDir = ClusterOptions.stateDir();
    boolean wasUp = LocalCluster.running(stateDir).isPresent();
    LocalCluster.last(stateDir).ifPresent(LocalCluster::down);
    out.println(wasUp ? "stopped" : "nothing was up");
    if (delete) {
      DATA.forEach(name -> DirectoryTree.delete(stateDir.resolve(name)));
      out.println("deleted topics, checkpoints, savepoints and logs in " + stateDir);
    }
    return 0;
  }
}
