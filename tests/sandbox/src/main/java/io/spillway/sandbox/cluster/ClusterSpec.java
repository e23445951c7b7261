package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The cluster that is wanted: where its files are, how many TaskManagers with how many slots, which
 * ports, and Flink options laid over those of {@code flink-conf/}.
 *
 * @param portsFrom first port of a range for all processes, or 0 for the usual ports (9092, 8081..)
 * @param reactive the job of a cluster in reactive mode; empty: any job can be submitted
 */
public record ClusterSpec(
    Path stateDir,
    int taskManagers,
    int slotsPerTaskManager,
    int portsFrom,
    Map<String, String> flinkOverrides,
    Optional<ReactiveJob> reactive) {

  private static final String OVERRIDE = "flink.";

  public ClusterSpec {
    stateDir = stateDir.toAbsolutePath().normalize();
    flinkOverrides = Map.copyOf(flinkOverrides);
    atLeastOne("TaskManagers", taskManagers);
    atLeastOne("slots per TaskManager", slotsPerTaskManager);
    if (portsFrom != 0 && (portsFrom < 1024 || portsFrom + 64 > 65535)) {
      throw SandboxException.wrongUse(
          "ports from %d: give 0 for the usual ports, or a number from 1024 to 65471"
              .formatted(portsFrom));
    }
  }

  public ClusterSpec(
      Path stateDir,
      int taskManagers,
      int slotsPerTaskManager,
      int portsFrom,
      Map<String, String> flinkOverrides) {
    this(stateDir, taskManagers, slotsPerTaskManager, portsFrom, flinkOverrides, Optional.empty());
  }

  /** Two TaskManagers with two slots on the usual ports, state in {@code .spillway/}. */
  public static ClusterSpec standard(Path repoRoot) {
    return new ClusterSpec(repoRoot.resolve(".spillway"), 2, 2, 0, Map.of());
  }

  /** The same cluster, in reactive mode with this job. */
  public ClusterSpec reactive(ReactiveJob job) {
    return new ClusterSpec(
        stateDir, taskManagers, slotsPerTaskManager, portsFrom, flinkOverrides, Optional.of(job));
  }

  /** The same cluster with as many TaskManagers. */
  ClusterSpec scaledTo(int number) {
    return new ClusterSpec(
        stateDir, number, slotsPerTaskManager, portsFrom, flinkOverrides, reactive);
  }

  /** Whether both are in reactive mode and differ in nothing but their TaskManagers. */
  boolean isAnotherScaleOf(ClusterSpec other) {
    return reactive.isPresent() && scaledTo(other.taskManagers).equals(other);
  }

  public Ports ports() {
    return Ports.of(portsFrom);
  }

  Path dir(String name) {
    return stateDir.resolve(name);
  }

  /** What {@code up} was asked for, for the commands that come after it. */
  void save() {
    Properties properties = new Properties();
    properties.setProperty("task-managers", String.valueOf(taskManagers));
    properties.setProperty("slots", String.valueOf(slotsPerTaskManager));
    properties.setProperty("ports-from", String.valueOf(portsFrom));
    flinkOverrides.forEach((key, value) -> properties.setProperty(OVERRIDE + key, value));
    reactive.ifPresent(job -> job.writeTo(properties));
    try {
      Files.createDirectories(file(stateDir).getParent());
      try (var out = Files.newBufferedWriter(file(stateDir))) {
        properties.store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code up} was last asked for in this directory. */
  static Optional<ClusterSpec> saved(Path stateDir) {
    if (!Files.exists(file(stateDir))) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(file(stateDir))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> overrides = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(OVERRIDE)) {
        overrides.put(key.substring(OVERRIDE.length()), properties.getProperty(key));
      }
    }
    return Optional.of(
        new ClusterSpec(
            stateDir,
            Integer.parseInt(properties.getProperty("task-managers")),
            Integer.parseInt(properties.getProperty("slots")),
            Integer.parseInt(properties.getProperty("ports-from")),
            overrides,
            ReactiveJob.readFrom(properties)));
  }

  private static Path file(Path stateDir) {
    return stateDir.resolve("run").resolve("cluster.properties");
  }

  private static void atLeastOne(String what, int number) {
    if (number < 1 || number > 32) {
      throw SandboxException.wrongUse("%d %s: give a number from 1 to 32".formatted(number, what));
    }
  }
}
