package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.ProcessStatus;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real cluster of processes: starting, stopping, and saying what is wrong. */
class ClusterITCase {
  private static final int PORTS_FROM = 23_100;

  private final ClusterSpec spec =
      new ClusterSpec(Path.of("target/cluster-it"), 2, 2, PORTS_FROM, Map.of());

  @AfterEach
  void stop() {
    LocalCluster.last(spec.stateDir()).ifPresent(LocalCluster::down);
  }

  @Test
  void upTwiceIsOneClusterAndDownLeavesNothing() throws IOException {
    LocalCluster first = LocalCluster.up(spec, Progress.SILENT);
    List<Optional<Long>> pids = pids(first);
    LocalCluster second = LocalCluster.up(spec, Progress.SILENT);
    assertThat(pids(second)).isEqualTo(pids).doesNotContain(Optional.empty());
    assertThat(second.metricsEndpoints()).hasSize(3);

    second.down();

    assertThat(LocalCluster.running(spec.stateDir())).isEmpty();
    assertThat(pids).allSatisfy(pid -> assertGone(pid.orElseThrow()));
    for (ProcessStatus process : first.status()) {
      for (int port : process.ports()) {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      }
    }
  }

  @Test
  void aKilledTaskManagerIsNamedWithTheEndOfItsLogAndStartsAgain() {
    LocalCluster cluster = LocalCluster.up(spec, Progress.SILENT);

    cluster.killTaskManager(2);

    assertThat(cluster.status())
        .filteredOn(process -> !process.isRunning())
        .singleElement()
        .satisfies(
            process -> {
              assertThat(process.name()).isEqualTo("taskmanager-2");
              assertThat(process.state()).isEqualTo("died");
              assertThat(process.lastLines()).isNotEmpty();
            });
    cluster.startTaskManager(2);
    assertThat(cluster.status()).allMatch(ProcessStatus::isRunning);
  }

  @Test
  void aPortInUseIsNamedWithItsOwnerAndNothingIsStarted() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(PORTS_FROM + 2, 1, InetAddress.getLoopbackAddress())) {
      SandboxException refused =
          catchThrowableOfType(
              SandboxException.class, () -> LocalCluster.up(spec, Progress.SILENT));
      assertThat(refused)
          .hasMessageContaining("port " + taken.getLocalPort() + " for jobmanager is in use by")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(LocalCluster.running(spec.stateDir())).isEmpty();
    }
  }

  @Test
  void aClusterThatCannotWorkIsTakenDownAndTheProcessAtFaultIsNamed() {
    ClusterSpec broken =
        new ClusterSpec(
            spec.stateDir(), 1, 1, PORTS_FROM, Map.of("taskmanager.bind-host", "192.0.2.1"));

    assertThatThrownBy(() -> LocalCluster.up(broken, Progress.SILENT))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("taskmanager-1 died");
    assertThat(LocalCluster.running(spec.stateDir())).isEmpty();
  }

  /** A child that has ended is there until the JVM has taken note of its end. */
  private static void assertGone(long pid) {
    Optional<CompletableFuture<ProcessHandle>> end =
        ProcessHandle.of(pid).map(ProcessHandle::onExit);
    end.ifPresent(exit -> assertThat(exit).succeedsWithin(Duration.ofSeconds(30)));
  }

  private static List<Optional<Long>> pids(LocalCluster cluster) {
    return cluster.status().stream().map(ProcessStatus::pid).toList();
  }
}
