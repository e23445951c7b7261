package io.spillway.sandbox.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cluster in reactive mode when TaskManagers come or go: the job restarts from its last
 * checkpoint with a subtask for each slot, and keeps its id. Its caller holds the {@link
 * StateLock}.
 */
record Scaling(LocalCluster cluster, FlinkRest rest) {
  /** Flink's own waiting, a restart and a checkpoint before it, on a machine that is busy. */
  private static final Duration LIMIT = Duration.ofSeconds(150);

  private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(20);
  private static final Duration END_LIMIT = Duration.ofSeconds(15);

  static Scaling of(LocalCluster cluster) {
    return new Scaling(cluster, new FlinkRest(cluster.rest()));
  }

  /** Starts and stops TaskManagers until there are as many; returns the cluster as it is then. */
  LocalCluster to(int wanted, Progress progress) {
    ClusterSpec spec = cluster.spec();
    ReactiveJob reactive = requireReactive(spec);
    LocalCluster after = new LocalCluster(spec.scaledTo(wanted));
    after.requireUsableSlots();
    String jobId = job().id();
    int before = rest.parallelism(jobId);
    long begin = System.nanoTime();
    try {
      after.startMissing(after.processes().taskManagers(), progress);
    } catch (SandboxException e) {
      spec.save();
      throw e;
    }
    List<ManagedProcess> there = cluster.processes().taskManagers();
    if (there.size() > wanted) {
      stop(jobId, there.subList(wanted, there.size()), progress);
      after.spec().save();
    }
    after.monitorAllTaskManagers();
    int parallelism = Scaling.of(after).awaitRunning();
    progress.say(
        "job %s runs on %d TaskManagers at parallelism %d, before %d; took %.1f s"
            .formatted(
                reactive.job().shortName(),
                wanted,
                parallelism,
                before,
                (System.nanoTime() - begin) / 1e9));
    return after;
  }

  /**
   * The job of this cluster.
   *
   * @throws SandboxException if it has come to an end
   */
  FlinkRest.Job job() {
    requireReactive(cluster.spec());
    List<FlinkRest.Job> jobs = rest.jobs();
    if (jobs.size() != 1) {
      throw SandboxException.failure(
          "the JobManager has %d jobs instead of its one: './spillway down', then up again"
              .formatted(jobs.size()));
    }
    FlinkRest.Job job = jobs.get(0);
    if (job.hasEnded()) {
      throw SandboxException.failure(
          "job %s is %s; its last failure: %s"
              .formatted(job.id(), job.state(), rest.lastFailure(job.id())));
    }
    return job;
  }

  /** Waits until the job runs on every slot there is; returns its parallelism. */
  int awaitRunning() {
    ClusterSpec spec = cluster.spec();
    int slots = spec.taskManagers() * spec.slotsPerTaskManager();
    boolean reached =
        Await.until(
            LIMIT,
            () -> {
              cluster.requireAllAlive();
              return !rest.jobs().isEmpty() && runsOn(job().id(), slots);
            });
    String jobId = job().id();
    int parallelism = rest.parallelism(jobId);
    if (!reached) {
      throw SandboxException.failure(
          "job %s does not run on %d slots after %d s: it is %s at parallelism %d; its last failure: %s"
              .formatted(
                  jobId,
                  slots,
                  LIMIT.toSeconds(),
                  rest.jobState(jobId),
                  parallelism,
                  rest.lastFailure(jobId)));
    }
    return parallelism;
  }

  /**
   * Slots that are too few for one more subtask of each group are not used. How many are free says
   * nothing: a job holds the slots that it will use.
   */
  private boolean runsOn(String jobId, int slots) {
    return rest.slots() == slots
        && rest.parallelism(jobId) == slots / rest.slotSharingGroups(jobId)
        && rest.isRunning(jobId);
  }

  /** A checkpoint first: what the job has done since the last one it does again. */
  private void stop(String jobId, List<ManagedProcess> surplus, Progress progress) {
    String names = surplus.stream().map(ManagedProcess::name).collect(Collectors.joining(", "));
    try {
      rest.checkpoint(jobId, CHECKPOINT_LIMIT);
      progress.say("stopping %s, after a checkpoint".formatted(names));
    } catch (SandboxException e) {
      progress.say("stopping %s, without a checkpoint: %s".formatted(names, e.getMessage()));
    }
    surplus.forEach(ManagedProcess::terminate);
    surplus.forEach(process -> process.stop(END_LIMIT));
  }

  private static ReactiveJob requireReactive(ClusterSpec spec) {
    return spec.reactive()
        .orElseThrow(
            () ->
                SandboxException.wrongUse(
                    "the cluster in %s is not in reactive mode, a job there keeps its parallelism: './spillway down', then './spillway up --reactive JOB'"
                        .formatted(spec.stateDir())));
  }
}
