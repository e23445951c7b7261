package io.spillway.benchmarks.elastic;

import io.spillway.sandbox.cluster.ClusterSpec;

/**
 * Where a reactive cluster listens that is up beside the one of the other benchmarks: behind the
 * range that {@code --ports-from} gave that one, else from 29000.
 */
final class ReactivePorts {
  private static final int USUAL = 29_000;
  private static final int RANGE = 64;

  private ReactivePorts() {}

  static int besides(ClusterSpec other) {
    return other.portsFrom() == 0 ? USUAL : other.portsFrom() + RANGE;
  }
}
