package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.ClusterSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which cluster a command starts. Mixed into the commands that may start one. */
public final class ClusterOptions {
  @Option(
      names = "--task-managers",
      paramLabel = "N",
      defaultValue = "2",
      description = "TaskManagers, each a process (default: ${DEFAULT-VALUE})")
  private int taskManagers;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "2",
      description = "slots of each TaskManager (default: ${DEFAULT-VALUE})")
  private int slots;

  @Option(
      names = "--ports-from",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "first port of a range for all processes; 0: the usual ports, 9092 and 8081")
  private int portsFrom;

  @Option(
      names = "--flink",
      paramLabel = "KEY=VALUE",
      description = "a Flink option laid over flink-conf/ (repeatable)")
  private Map<String, String> flink = new LinkedHashMap<>();

  /** The cluster these options describe. */
  public ClusterSpec spec() {
    return new ClusterSpec(stateDir(), taskManagers, slots, portsFrom, flink);
  }

  /** Where the sandbox keeps everything it writes. */
  public static Path stateDir() {
    return root().resolve(".spillway");
  }

  /** The repository, as the launcher found it. */
  public static Path root() {
    return Path.of(System.getProperty("spillway.home", "")).toAbsolutePath();
  }
}
