package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The processes a cluster consists of, in the order they are started, with the ports they hold. */
record ClusterProcesses(
    ClusterSpec spec,
    ManagedProcess kafka,
    ManagedProcess jobManager,
    List<ManagedProcess> taskManagers) {

  static ClusterProcesses of(ClusterSpec spec) {
    List<ManagedProcess> taskManagers = new ArrayList<>();
    for (int number = 1; number <= spec.taskManagers(); number++) {
      taskManagers.add(new ManagedProcess("taskmanager-" + number, spec.stateDir()));
    }
    return new ClusterProcesses(
        spec,
        new ManagedProcess("kafka", spec.stateDir()),
        new ManagedProcess("jobmanager", spec.stateDir()),
        List.copyOf(taskManagers));
  }

  List<ManagedProcess> all() {
    return List.copyOf(ports().keySet());
  }

  /** Every process with its ports. */
  Map<ManagedProcess, List<Integer>> ports() {
    Ports ports = spec.ports();
    Map<ManagedProcess, List<Integer>> all = new LinkedHashMap<>();
    all.put(kafka, List.of(ports.kafka(), ports.controller()));
    all.put(jobManager, List.of(ports.rest(), ports.rpc(), ports.jobManagerMetrics()));
    for (int i = 0; i < taskManagers.size(); i++) {
      all.put(taskManagers.get(i), List.of(ports.taskManagerMetrics(i + 1)));
    }
    return all;
  }

  /** The task manager with this number, from 1. */
  ManagedProcess taskManager(int number) {
    if (number < 1 || number > taskManagers.size()) {
      throw SandboxException.wrongUse(
          "TaskManager %d: there are TaskManagers 1 to %d".formatted(number, taskManagers.size()));
    }
    return taskManagers.get(number - 1);
  }

  /** Load generators that run or ran beside this cluster. */
  List<ManagedProcess> loads() {
    Path run = spec.dir("run");
    List<ManagedProcess> loads = new ArrayList<>();
    if (Files.isDirectory(run)) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(run, LoadProcess.PREFIX + "*.pid")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          loads.add(new ManagedProcess(name.substring(0, name.length() - 4), spec.stateDir()));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return loads;
  }

  /**
   * Refuses to start a process whose port somebody holds.
   *
   * @throws SandboxException that names the port and who holds it
   */
  static void requireFree(String process, List<Integer> ports) {
    for (int port : ports) {
      if (PortOwner.isTaken(port)) {
        throw SandboxException.failure(
            "port %d for %s is in use by %s: stop that, or choose other ports with --ports-from"
                .formatted(
                    port,
                    process,
                    PortOwner.of(port).map(PortOwner::toString).orElse("an unknown process")));
      }
    }
  }
}
