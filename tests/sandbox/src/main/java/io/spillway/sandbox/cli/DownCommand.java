package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      DATA.forEach(name -> deleteTree(stateDir.resolve(name)));
      out.println("deleted topics, checkpoints, savepoints and logs in " + stateDir);
    }
    return 0;
  }

  private static void deleteTree(Path top) {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
