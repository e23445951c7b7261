package io.spillway.integration;

import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One local cluster for all test classes of a run: two TaskManagers with two slots each, started
 * with the first test that has a {@link LocalCluster} as a parameter and stopped after the last.
 * Starts empty; what a run leaves behind under {@code target/} is for reading its logs. A test that
 * breaks a process mends it, so that the next one finds the cluster whole.
 */
public final class SharedCluster implements ParameterResolver {
  /** TaskManagers are numbered from 1. */
  static final int TASK_MANAGERS = 2;

  private static final int PORTS_FROM = 26_000;

  /**
   * Every test waits for the ledger, which comes with checkpoints. And a TaskManager that starts
   * again reads the jars of all jobs it has had, as long as it keeps them: by default an hour.
   */
  private static final Map<String, String> FLINK =
      Map.of(
          "execution.checkpointing.interval", "1s",
          "execution.checkpointing.min-pause", "500ms",
          "blob.service.cleanup.interval", "5");

  /** For a job that is looked at: one that has just begun has no checkpoint that came too early. */
  static final Map<String, String> SLOW_CHECKPOINTS =
      Map.of("execution.checkpointing.interval", "10s", "execution.checkpointing.min-pause", "2s");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == LocalCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SharedCluster.class))
        .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
        .cluster();
  }

  /**
   * A folder that the command line takes for the repository: its build products and configuration,
   * but the state directory of the shared cluster.
   */
  static Path home() {
    return Path.of("target", "sandbox").toAbsolutePath();
  }

  private record Running(LocalCluster cluster) implements AutoCloseable {
    static Running start() {
      Path stateDir = home().resolve(".spillway");
      LocalCluster.running(stateDir).ifPresent(LocalCluster::down);
      try {
        delete(home());
        for (String folder : List.of("flink-conf", "jobs", "sql", "tests/sandbox")) {
          Path link = home().resolve(folder);
          Files.createDirectories(link.getParent());
          Files.createSymbolicLink(link, Path.of("..", "..", folder).toAbsolutePath().normalize());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ClusterSpec spec = new ClusterSpec(stateDir, TASK_MANAGERS, 2, PORTS_FROM, FLINK);
      // A run that is interrupted leaves no processes behind either.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> LocalCluster.running(stateDir).ifPresent(LocalCluster::down)));
      return new Running(LocalCluster.up(spec, Progress.SILENT));
    }

    @Override
    public void close() {
      cluster.down();
    }

    /** Links are deleted, not followed. */
    private static void delete(Path directory) throws IOException {
      if (Files.exists(directory)) {
        try (Stream<Path> paths = Files.walk(directory)) {
          for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
  }
}
