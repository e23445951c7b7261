package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prometheus beside a cluster, with the scrape configuration and the rules of {@code
 * k8s-operator/monitoring}, and Alertmanager where it is installed. Both listen on the loopback
 * address; configuration and data are in {@code prometheus/} and {@code alertmanager/} of the state
 * directory. Only {@code up --monitoring} starts them.
 */
record Monitoring(
    ClusterSpec spec,
    Distribution distribution,
    ManagedProcess prometheus,
    ManagedProcess alertmanager) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
  private static final long MIB = 256;

  static Monitoring of(ClusterSpec spec, Distribution distribution) {
    return new Monitoring(
        spec,
        distribution,
        new ManagedProcess("prometheus", spec.stateDir()),
        new ManagedProcess("alertmanager", spec.stateDir()));
  }

  /** Both processes, each with its port. */
  Map<ManagedProcess, List<Integer>> ports() {
    Map<ManagedProcess, List<Integer>> ports = new LinkedHashMap<>();
    ports.put(prometheus, List.of(spec.ports().prometheus()));
    ports.put(alertmanager, List.of(spec.ports().alertmanager()));
    return ports;
  }

  /** Where Prometheus answers. */
  URI endpoint() {
    return http(spec.ports().prometheus());
  }

  /**
   * Starts what is not running, and waits until it answers.
   *
   * @param metrics what Prometheus scrapes
   * @param path folders as the variable PATH lists them
   * @param pace how often and for how long: what is made of the text of each file of configuration
   */
  void start(List<URI> metrics, String path, UnaryOperator<String> pace, Progress progress) {
    Path root = distribution.root();
    Path program =
        Program.PROMETHEUS
            .find(root, path)
            .orElseThrow(() -> SandboxException.wrongUse(Program.PROMETHEUS.missing()));
    Optional<Path> alerts = Program.ALERTMANAGER.find(root, path);
    Map<ManagedProcess, List<String>> missing = new LinkedHashMap<>();
    alerts.ifPresent(found -> missing.put(alertmanager, alertmanagerCommand(found)));
    missing.put(prometheus, prometheusCommand(program));
    missing.keySet().removeIf(ManagedProcess::isAlive);
    if (missing.isEmpty()) {
      return;
    }
    Memory.require(MIB, Memory.availableMib());
    missing.keySet().forEach(p -> ClusterProcesses.requireFree(p.name(), ports().get(p)));
    try (Startup startup = new Startup()) {
      progress.say(
          "starting "
              + missing.keySet().stream().map(p -> p.name()).collect(Collectors.joining(", ")));
      writeConfiguration(metrics, alerts.isPresent(), pace);
      missing.forEach((process, command) -> startup.start(process, command, Map.of()));
      missing.keySet().forEach(process -> awaitAnswer(process, ports().get(process).get(0)));
      startup.commit();
    }
    progress.say("prometheus answers on " + endpoint());
    if (alerts.isEmpty()) {
      progress.say(
          Program.ALERTMANAGER.missing() + "; without it only Prometheus shows what fires");
    }
  }

  /** Processes that were started, with their ports; those that never were are no part of it. */
  Map<ManagedProcess, List<Integer>> started() {
    Map<ManagedProcess, List<Integer>> started = ports();
    started.keySet().removeIf(process -> process.state() == ManagedProcess.State.STOPPED);
    return started;
  }

  /** Prometheus asks these from now on, if it was started. */
  void watch(List<URI> metrics) {
    Path file = targetsFile();
    try {
      if (Files.exists(file)) {
        Files.writeString(file, targets(metrics));
      }
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private Path targetsFile() {
    return spec.dir("prometheus").resolve("targets/flink.json");
  }

  /** The repository's files at this pace, beside the lists of who is to be asked. */
  private void writeConfiguration(
      List<URI> metrics, boolean withAlertmanager, UnaryOperator<String> pace) {
    Path from = distribution.root().resolve("k8s-operator/monitoring");
    Path to = spec.dir("prometheus");
    try {
      Files.createDirectories(to.resolve("targets"));
      Files.createDirectories(to.resolve("rules"));
      Files.createDirectories(spec.dir("alertmanager"));
      copy(from.resolve("prometheus.yaml"), to, pace);
      copy(from.resolve("alertmanager.yaml"), spec.dir("alertmanager"), pace);
      try (Stream<Path> old = Files.list(to.resolve("rules"))) {
        for (Path rules : old.toList()) {
          Files.delete(rules);
        }
      }
      try (Stream<Path> rules = Files.list(from.resolve("rules"))) {
        for (Path file : rules.toList()) {
          copy(file, to.resolve("rules"), pace);
        }
      }
      Files.writeString(targetsFile(), targets(metrics));
      Files.writeString(
          to.resolve("targets/alertmanager.json"),
          targets(withAlertmanager ? List.of(http(spec.ports().alertmanager())) : List.of()));
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be written: %s".formatted(to, e.getMessage()), e);
    }
  }

  private static void copy(Path file, Path folder, UnaryOperator<String> pace) throws IOException {
    Files.writeString(folder.resolve(file.getFileName()), pace.apply(Files.readString(file)));
  }

  private static String targets(List<URI> endpoints) {
    return endpoints.stream()
        .map(endpoint -> "\"" + endpoint.getAuthority() + "\"")
        .collect(Collectors.joining(", ", "[{\"targets\": [", "]}]\n"));
  }

  List<String> prometheusCommand(Path program) {
    Path home = spec.dir("prometheus");
    List<String> words = new ArrayList<>(SpareTime.only());
    words.add(program.toString());
    words.add("--config.file=" + home.resolve("prometheus.yaml"));
    words.add("--storage.tsdb.path=" + home.resolve("data"));
    words.add("--storage.tsdb.retention.time=1d");
    words.add("--web.listen-address=" + endpoint().getAuthority());
    return words;
  }

  List<String> alertmanagerCommand(Path program) {
    Path home = spec.dir("alertmanager");
    List<String> words = new ArrayList<>(SpareTime.only());
    words.add(program.toString());
    words.add("--config.file=" + home.resolve("alertmanager.yaml"));
    words.add("--storage.path=" + home.resolve("data"));
    words.add("--web.listen-address=" + http(spec.ports().alertmanager()).getAuthority());
    // It is alone: no port for others of its kind.
    words.add("--cluster.listen-address=");
    return words;
  }

  private static void awaitAnswer(ManagedProcess process, int port) {
    HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();
    HttpRequest ready =
        HttpRequest.newBuilder(http(port).resolve("/-/ready")).timeout(ANSWER_LIMIT).build();
    boolean answered =
        Await.until(
            LIMIT,
            () -> {
              if (!process.isAlive()) {
                throw process.died();
              }
              return answers(http, ready);
            });
    if (!answered) {
      throw SandboxException.failure(
          "%s not ready after %d s; its output: %s"
              .formatted(process.name(), LIMIT.toSeconds(), process.out()),
          process.lastLines());
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }

  private static URI http(int port) {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }
}
