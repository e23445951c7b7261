package io.spillway.benchmarks;

import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.ExclusiveUse;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;

/**
 * The local cluster as a bench needs it: started when the first measurement asks for it, and
 * stopped at the end, also by Ctrl-C, unless it was up before. Not thread safe.
 */
final class BenchCluster implements AutoCloseable {
  private final ClusterSpec spec;
  private final Progress progress;
  private final Thread downOnExit = new Thread(this::down, "stop-cluster");
  private ExclusiveUse use;
  private LocalCluster cluster;
  private boolean isOurs;

  BenchCluster(ClusterSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /** The running cluster. */
  LocalCluster up() {
    if (cluster == null) {
      use = ExclusiveUse.of(spec.stateDir());
      isOurs = LocalCluster.running(spec.stateDir()).isEmpty();
      if (isOurs) {
        Runtime.getRuntime().addShutdownHook(downOnExit);
      }
      cluster = LocalCluster.up(spec, progress);
    }
    return cluster;
  }

  @Override
  public void close() {
    if (isOurs) {
      down();
      forgetExit();
    }
    if (use != null) {
      use.close();
    }
  }

  private void forgetExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(downOnExit);
    } catch (IllegalStateException shuttingDown) {
      // It finds nothing to stop.
      return;
    }
  }

  private void down() {
    LocalCluster.running(spec.stateDir()).ifPresent(LocalCluster::down);
  }
}
