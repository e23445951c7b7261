package io.spillway.integration;

import static io.spillway.integration.SensorRecord.reading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.CloudEventHeaders;
import io.spillway.risk.v1.Faults;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.risk.RiskServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A real Prometheus with the repository's rules watches three times the capacity, and a job whose
 * risk service fails: every query of every dashboard has an answer, and the alerts of both fire and
 * clear. The rules are those of production with shorter durations: "for" a second, over ten
 * seconds, asked every second.
 */
@ExtendWith(SharedCluster.class)
class MonitoringITCase {
  private static final Path DASHBOARDS = Path.of("../../k8s-operator/monitoring/dashboards");

  /** One subtask does 400 events/s. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "work.micros", "2500",
          "admission.overload.bulk", "defer",
          "deferred.watch-interval", "1s");

  private static final LoadPlan LOAD = LoadPlan.steady("overload", 1_200, Duration.ofSeconds(20));
  private static final int DEAD_LETTERS = 500;

  /** 40 % are payments, of which one subtask decides fifty a second. */
  private static final int COMMANDS = 3_000;

  private static final PaymentTopics ASKING = new PaymentTopics("monitoring-tx");
  private static final List<String> THAT_FIRE =
      List.of(
          "SpillwaySheddingForLong",
          "SpillwayNotScaled",
          "SpillwayDeadLetters",
          "SpillwayCircuitOpen");
  private static final String THAT_MUST_NOT_FIRE =
      "ALERTS{alertname=~\"SpillwayCriticalTurnedAway|SpillwayEventsUnaccounted\","
          + "alertstate=\"firing\"}";

  @Test
  void everyPanelHasDataUnderOverloadAndItsAlertsFireAndClear(LocalCluster cluster)
      throws IOException {
    RiskServer service = RiskServer.start(0);
    start(cluster);
    String asking = "";
    PrometheusApi prometheus = PrometheusApi.at(cluster.prometheus());
    try (IotRun run =
        IotRun.named("monitoring", cluster, SETTINGS)
            .with(SharedCluster.SLOW_CHECKPOINTS)
            .start(1)) {
      run.load(LOAD);
      run.await("the load has begun", judge -> judge.accounts().produced() > 1_000);
      sendWhatCannotBeRead(cluster, run.topic("events"));
      service.misbehave(Faults.newBuilder().setErrorShare(1).build());
      asking = startAsking(cluster, service.port());

      Set<String> fired = new TreeSet<>();
      await(
          "alerts fire",
          () -> {
            fired.addAll(prometheus.firing());
            return fired.containsAll(THAT_FIRE);
          },
          fired);
      Map<String, String> queries = queries();
      assertThat(queries).hasSizeGreaterThan(40);
      await(
          "every panel has data",
          () -> {
            queries.values().removeIf(query -> !prometheus.numbers(query).isEmpty());
            return queries.isEmpty();
          },
          queries.keySet());
      assertThat(prometheus.alertmanagers())
          .allSatisfy(manager -> assertIsTold(PrometheusApi.at(manager)));

      service.misbehave(Faults.getDefaultInstance());
      new Commands(ASKING.commands(), COMMANDS / 10, 18).sendTo(cluster);
      await(
          "alerts clear",
          () -> {
            fired.clear();
            fired.addAll(prometheus.firing());
            return fired.stream().noneMatch(THAT_FIRE::contains);
          },
          fired);
      assertThat(prometheus.numbers("count_over_time(" + THAT_MUST_NOT_FIRE + "[10m])")).isEmpty();
      assertThat(prometheus.numbers("spillway:conservation_gap:events")).containsOnly(0.0);
    } finally {
      cluster.stopMonitoring();
      service.close();
      if (!asking.isEmpty()) {
        cluster.cancel(asking);
      }
    }
  }

  /** A job whose events find a risk service that fails, more of them than it can do at once. */
  private static String startAsking(LocalCluster cluster, int port) {
    ASKING.create(cluster);
    Map<String, String> settings = ASKING.settings();
    settings.put("work.micros", "20000");
    settings.put("risk.address", "127.0.0.1:" + port);
    new Commands(ASKING.commands(), COMMANDS, 17).sendTo(cluster);
    return cluster.submit(
        "transactions", settings, 1, Optional.empty(), SharedCluster.SLOW_CHECKPOINTS);
  }

  private static void assertIsTold(PrometheusApi alertmanager) {
    await(
        "Alertmanager is told",
        () -> alertmanager.get("/api/v2/alerts").toString().contains("SpillwaySheddingForLong"),
        alertmanager.base());
  }

  /** Every expression of every panel for all jobs and lanes, by where it stands. */
  private static Map<String, String> queries() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        JsonNode panels = new ObjectMapper().readTree(Files.readString(file)).path("panels");
        for (JsonNode panel : panels) {
          for (JsonNode target : panel.path("targets")) {
            String place =
                panel.path("title").asText() + ", " + target.path("legendFormat").asText();
            queries.put(
                file.getFileName() + ": " + place,
                target.path("expr").asText().replace("$job", ".+").replace("$lane", ".+"));
          }
        }
      }
    }
    return queries;
  }

  private static void sendWhatCannotBeRead(LocalCluster cluster, String topic) {
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      long now = System.currentTimeMillis();
      for (int i = 0; i < DEAD_LETTERS; i++) {
        producer.send(
            reading(topic, 0, now, "bad", i).with(CloudEventHeaders.PRIORITY, "urgent").toKafka());
      }
    }
  }

  /** Without Prometheus there is nothing to see; in CI there has to be one. */
  private static void start(LocalCluster cluster) {
    try {
      cluster.startMonitoring(MonitoringITCase::inSeconds, Progress.SILENT);
    } catch (SandboxException e) {
      if (!e.getMessage().contains("is not here") || "true".equals(System.getenv("CI"))) {
        throw e;
      }
      Assumptions.abort(e.getMessage());
    }
  }

  static String inSeconds(String configuration) {
    return configuration
        .replaceAll("(for|interval|group_wait): [0-9]+[smh]", "$1: 1s")
        .replaceAll("\\[[0-9]+[mh]]", "[10s]");
  }

  /**
   * Waits for a condition.
   *
   * @param found what there is instead when the limit is over
   */
  private static void await(String what, BooleanSupplier condition, Object found) {
    assertThat(Await.until(IotRun.LIMIT, condition)).as("%s; instead %s", what, found).isTrue();
  }
}
