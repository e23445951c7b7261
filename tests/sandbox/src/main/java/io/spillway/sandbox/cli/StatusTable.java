package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.ProcessStatus;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** Processes and jobs of a cluster as a small table; the end of the log of those that died. */
final class StatusTable {
  private static final DateTimeFormatter SINCE =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private StatusTable() {}

  static void print(LocalCluster cluster, PrintWriter out) {
    List<ProcessStatus> processes = cluster.status();
    row(out, "PROCESS", "STATE", "PID", "SINCE", "PORTS");
    for (ProcessStatus process : processes) {
      row(
          out,
          process.name(),
          process.state(),
          process.pid().map(String::valueOf).orElse("-"),
          process.since().map(SINCE::format).orElse("-"),
          process.ports().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    for (ProcessStatus process : processes) {
      if (!process.lastLines().isEmpty()) {
        out.println("\n%s died; the end of its log:".formatted(process.name()));
        process.lastLines().lines().forEach(line -> out.println("  | " + line));
      }
    }
    if (processes.stream().anyMatch(p -> p.name().equals("jobmanager") && p.isRunning())) {
      printJobs(cluster, out);
    }
  }

  private static void printJobs(LocalCluster cluster, PrintWriter out) {
    try {
      List<FlinkRest.Job> jobs = new FlinkRest(cluster.rest()).jobs();
      if (!jobs.isEmpty()) {
        out.println();
        jobs.forEach(
            job -> out.println("%s  %-9s %s".formatted(job.id(), job.state(), job.name())));
      }
    } catch (SandboxException noAnswer) {
      out.println("\njobs unknown: " + noAnswer.getMessage());
    }
  }

  private static void row(
      PrintWriter out, String name, String state, String pid, String since, String ports) {
    out.println("%-16s %-8s %8s  %-8s  %s".formatted(name, state, pid, since, ports));
  }
}
