package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus where there is one; it needs no cluster to start. */
class MonitoringTest {
  private static final int PORTS_FROM = 27_400;
  private static final List<URI> NOBODY = List.of(URI.create("http://127.0.0.1:1/metrics"));
  private static final String PATH = System.getenv("PATH");

  @TempDir Path dir;
  private final Distribution distribution = Distribution.find();

  @AfterEach
  void stop() {
    monitoring().started().keySet().forEach(process -> process.stop(Duration.ofSeconds(10)));
  }

  @Test
  void withoutPrometheusOneLineNamesTheCommandThatBringsIt() {
    Monitoring elsewhere = Monitoring.of(spec(), new Distribution(dir));
    SandboxException refused =
        catchThrowableOfType(
            SandboxException.class,
            () -> elsewhere.start(NOBODY, "", UnaryOperator.identity(), Progress.SILENT));
    assertThat(refused).hasMessage("prometheus is not here: tests/tools.sh prometheus brings it");
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @Test
  void looksInTheToolsOfTheRepositoryFirstAndForEitherNameOfAlertmanager() throws IOException {
    Path onPath = program(dir.resolve("bin/alertmanager"));
    assertThat(Program.ALERTMANAGER.find(dir, dir.resolve("bin").toString())).contains(onPath);
    Path ours = program(dir.resolve(".spillway/tools/prometheus"));
    program(dir.resolve("bin/prometheus"));
    assertThat(Program.PROMETHEUS.find(dir, dir.resolve("bin").toString())).contains(ours);
  }

  @Test
  void readsTheRulesOfTheRepositoryAndIsGoneWhenItIsStopped() throws Exception {
    requirePrometheus();
    Monitoring monitoring = monitoring();
    monitoring.start(NOBODY, PATH, UnaryOperator.identity(), Progress.SILENT);

    assertThat(monitoring.started()).containsKey(monitoring.prometheus());
    assertThat(get("/api/v1/rules")).contains("SpillwaySheddingForLong", "SpillwayWritesStalled");
    assertThat(spec().dir("prometheus").resolve("targets/flink.json"))
        .content()
        .contains("\"127.0.0.1:1\"");

    stop();
    assertThat(monitoring.started()).isEmpty();
    assertThat(monitoring.ports().values())
        .allSatisfy(ports -> assertThat(ports).noneMatch(PortOwner::isTaken));
  }

  @Test
  void aPortInUseIsNamedWithItsOwner() throws IOException {
    requirePrometheus();
    int port = spec().ports().prometheus();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> monitoring().start(NOBODY, PATH, UnaryOperator.identity(), Progress.SILENT))
          .hasMessageContaining("port " + taken.getLocalPort() + " for prometheus is in use by")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    assertThat(monitoring().started()).isEmpty();
  }

  private String get(String path) throws IOException, InterruptedException {
    URI uri = monitoring().endpoint().resolve(path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private void requirePrometheus() {
    assumeTrue(
        Program.PROMETHEUS.find(distribution.root(), PATH).isPresent(),
        Program.PROMETHEUS::missing);
  }

  private Monitoring monitoring() {
    return Monitoring.of(spec(), distribution);
  }

  private ClusterSpec spec() {
    return new ClusterSpec(dir.resolve("state"), 1, 1, PORTS_FROM, Map.of());
  }

  private static Path program(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }
}
