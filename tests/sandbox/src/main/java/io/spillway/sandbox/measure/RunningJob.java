package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A job that is cancelled when its user is done with it, however the user ends: also by Ctrl-C. Not
 * if it was ended before.
 */
public final class RunningJob implements Processing {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final String id;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread onExit = new Thread(this::cancelOnExit, "cancel-job");

  private RunningJob(LocalCluster cluster, String id) {
    this.cluster = cluster;
    this.id = id;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Submits the job and waits until all of its tasks run. */
  public static RunningJob start(LocalCluster cluster, Variant variant) {
    RunningJob job =
        new RunningJob(
            cluster,
            cluster.submit(
                variant.job(),
                variant.settings(),
                variant.parallelism(),
                Optional.empty(),
                variant.flinkOptions()));
    try {
      cluster.awaitRunning(job.id, START_LIMIT);
      return job;
    } catch (SandboxException e) {
      job.cancelOnExit();
      throw e;
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String failure() {
    return new FlinkRest(cluster.rest()).lastFailure(id);
  }

  @Override
  public void drain() {
    if (ended.compareAndSet(false, true)) {
      cluster.stopWithSavepoint(id, true);
      forgetOnExit();
    }
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      cluster.cancel(id);
      forgetOnExit();
    }
  }

  private void forgetOnExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException shuttingDown) {
      return;
    }
  }

  private void cancelOnExit() {
    if (ended.compareAndSet(false, true)) {
      try {
        cluster.cancel(id);
      } catch (SandboxException clusterIsGoneToo) {
        System.err.println("spillway: job " + id + ": " + clusterIsGoneToo.getMessage());
      }
    }
  }
}
