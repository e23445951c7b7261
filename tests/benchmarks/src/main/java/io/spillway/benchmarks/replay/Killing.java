package io.spillway.benchmarks.replay;

import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;

/** {@code kill -9} of a TaskManager under the only job that runs. Not thread safe. */
final class Killing {
  private static final int VICTIM = 2;

  private final LocalCluster cluster;
  private final FlinkRest rest;
  private final Progress progress;
  private String job = "";

  /**
   * @throws SandboxException if there is no other TaskManager that could take over
   */
  Killing(LocalCluster cluster, Progress progress) {
    if (cluster.spec().taskManagers() < VICTIM) {
      throw SandboxException.wrongUse(
          "M5 and M13 kill a TaskManager and need two: './spillway down', then start without"
              + " --task-managers");
    }
    this.cluster = cluster;
    this.rest = new FlinkRest(cluster.rest());
    this.progress = progress;
  }

  boolean isDone() {
    return !job.isEmpty();
  }

  /** Kills it, and starts a new one. */
  void kill() {
    job =
        rest.jobs().stream()
            .filter(running -> running.state().equals("RUNNING"))
            .map(FlinkRest.Job::id)
            .findFirst()
            .orElseThrow(() -> SandboxException.failure("no job runs that could be hit"));
    progress.say("kill -9 of TaskManager %d".formatted(VICTIM));
    cluster.killTaskManager(VICTIM);
    cluster.startTaskManager(VICTIM);
  }

  /** A kill that hits no task shows nothing. */
  void requireHit() {
    if (!isDone()) {
      throw SandboxException.failure("the run ended before a TaskManager was killed");
    }
    if (rest.lastFailure(job).isEmpty()) {
      throw SandboxException.failure(
          "job %s had no task on TaskManager %d: run it again".formatted(job, VICTIM));
    }
  }
}
