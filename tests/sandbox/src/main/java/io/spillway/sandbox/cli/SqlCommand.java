package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.SqlReading;
import io.spillway.sandbox.cluster.SqlScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "sql",
    description = "Ask about the live topics with Flink's SQL client; tables and views are there.",
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
  /** Names a file: the launcher becomes the command in it, so that the client has the terminal. */
  private static final String NEXT = "spillway.next";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "run the statements of this file, print what they return, and end")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "AGE",
      defaultValue = "15min",
      description = "how far back to read: 90s, 15min, 2h, 1d, all (default: ${DEFAULT-VALUE})")
  private String since;

  @Option(
      names = "--follow",
      description = "go on as events come, until Ctrl-C; default: up to what is there now")
  private boolean follow;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SqlReading reading = SqlReading.of(follow, since);
    Optional<Path> script = file.map(SqlCommand::readable);
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    var out = command.commandLine().getOut();
    var err = command.commandLine().getErr();
    cluster.startSqlGateway(err::println);
    if (script.isPresent()) {
      boolean succeeded =
          new SqlScript(script.get(), reading).run(cluster, out::println, err::println);
      return succeeded ? 0 : 1;
    }
    err.println(
        follow
            ? "reading from %s on, and going on as events come".formatted(from())
            : "reading from %s up to now; --follow goes on as events come".formatted(from()));
    return become(cluster.sqlClient(reading, Optional.empty()));
  }

  private String from() {
    return since.equals("all") ? "the oldest record" : since + " ago";
  }

  private static Path readable(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw SandboxException.wrongUse(
          "-f %s: there is no such file, or it cannot be read".formatted(file));
    }
    return file.toAbsolutePath();
  }

  private static int become(List<String> client) throws IOException, InterruptedException {
    String next = System.getProperty(NEXT);
    if (next == null) {
      return new ProcessBuilder(client).inheritIO().start().waitFor();
    }
    Files.writeString(Path.of(next), String.join("\0", client) + "\0");
    return 0;
  }
}
