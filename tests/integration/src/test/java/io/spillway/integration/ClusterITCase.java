package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.ProcessStatus;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real cluster of processes: starting, stopping, and saying what is wrong. */
class ClusterITCase {
  private static final int PORTS_FROM = 23_100;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final ClusterSpec spec =
      new ClusterSpec(Path.of("target/cluster-it"), 2, 2, PORTS_FROM, Map.of());

  @AfterEach
  void stop() {
    LocalCluster.last(spec.stateDir()).ifPresent(LocalCluster::down);
  }

  @Test
  void upTwiceIsOneClusterAndDownLeavesNothing() throws IOException {
    LocalCluster first = LocalCluster.up(spec, Progress.SILENT);
    first.startSqlGateway(Progress.SILENT);
    first.createTopics(JobName.of("iot"), Map.of());
    first.load(Map.of("topic", "iot.events", "profile", "50:300s"));
    List<Optional<Long>> pids = pids(first);
    LocalCluster second = LocalCluster.up(spec, Progress.SILENT);
    assertThat(pids(second)).isEqualTo(pids).doesNotContain(Optional.empty());
    assertThat(second.metricsEndpoints()).hasSize(3);
    assertThat(pids)
        .hasSize(6)
        .allSatisfy(
            pid -> {
              Await.until(START_LIMIT, () -> !listensOn(pid.orElseThrow()).isEmpty());
              assertThat(listensOn(pid.orElseThrow())).isNotEmpty().allMatch(isLoopback());
            });

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

  private static Predicate<String> isLoopback() {
    return Set.of("0100007F", "0000000000000000FFFF00000100007F")::contains;
  }

  /** The addresses, as proc(5) writes them, that a process listens on. */
  private static List<String> listensOn(long pid) {
    try {
      return listening(pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> listening(long pid) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        try {
          sockets.add(Files.readSymbolicLink(file).toString());
        } catch (NoSuchFileException closedMeanwhile) {
          continue;
        }
      }
    }
    List<String> addresses = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals("0A") && sockets.contains("socket:[" + fields[9] + "]")) {
          addresses.add(fields[1].substring(0, fields[1].indexOf(':')));
        }
      }
    }
    return addresses;
  }
}
