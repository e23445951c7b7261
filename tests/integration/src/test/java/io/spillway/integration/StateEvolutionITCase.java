package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.event.CloudEventHeaders;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A savepoint that an earlier version of a job has taken restores, and the job goes on with what is
 * in it: the place in the input, windows and sessions that were open, balances, and which commands
 * it has seen. The savepoints lie in {@code src/test/resources/savepoints}; one is only made anew
 * where state really cannot be carried over, and then the documentation of the job says what that
 * means for its users:
 *
 * <pre>mvn verify -pl tests/integration -am -Dtest=None -Dit.test=StateEvolutionITCase \
 *   -Dsurefire.failIfNoSpecifiedTests=false -Dsavepoint.update=video</pre>
 */
@ExtendWith(SharedCluster.class)
class StateEvolutionITCase {
  /** The jobs whose savepoints are to be made anew, by name; {@code true} for all. */
  private static final List<String> UPDATED =
      List.of(System.getProperty("savepoint.update", "").split(","));

  private static final int PARTITIONS = 4;
  private static final int BEFORE = 8;
  private static final int AFTER = 4;

  /** Some minute long ago; its window is of 10 s. */
  private static final long WINDOW = 1_700_000_000_000L;

  private static final Map<String, String> FLINK =
      Map.of("execution.checkpointing.interval", "1s", "execution.checkpointing.min-pause", "0s");

  @Test
  void windowsThatWereOpenGoOnAfterAnUpgradeOfTheIotJob(LocalCluster cluster) throws IOException {
    try (IotRun run = IotRun.named("evolution", cluster, Map.of());
        HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents receipts = new TopicContents(cluster, run.topic("receipts"));
        TopicContents aggregates = new TopicContents(cluster, run.topic("aggregates"))) {
      send(producer, run, 0, BEFORE, WINDOW + 1_000);
      if (isMadeAnew("iot")) {
        run.start(2);
        receipts.await(BEFORE);
        replace(kept("iot"), path(run.stopWithSavepoint()));
      }
      run.startFrom("file://" + kept("iot"), 2);
      send(producer, run, BEFORE, AFTER, WINDOW + 2_000);
      // In each partition, so that the watermark passes the window.
      send(producer, run, BEFORE + AFTER, PARTITIONS, WINDOW + 60_000);

      String start = Instant.ofEpochMilli(WINDOW).toString();
      List<JsonNode> results =
          aggregates.await(1, each -> each.path("start").asText().equals(start));
      assertThat(results.get(0).path("kept").asInt()).isEqualTo(BEFORE + AFTER);
      assertThat(results.get(0).path("count").asInt()).isEqualTo(BEFORE + AFTER);
    }
  }

  /** With transactions: what a writer knows of its own is in the savepoint too. */
  @Test
  void balancesGoOnAndCommandsThatWereSeenStayDecidedAfterAnUpgradeOfTheTransactionJob(
      LocalCluster cluster) throws IOException {
    Map<String, String> settings =
        settings(cluster, "evotx", List.of("decisions", "accounts", "ledger", "dead-letters"));
    settings.put("input.topic", "evotx.commands");
    for (Priority priority : Priority.values()) {
      cluster.createTopic("evotx.commands." + priority.wireName(), 1, Map.of());
    }
    try (HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents decisions = new TopicContents(cluster, "evotx.decisions")) {
      pay(producer, 0, BEFORE);
      String job =
          restored(cluster, "transactions", settings, () -> decisions.await(BEFORE, each -> true));
      // The first ones once more, and others behind them.
      pay(producer, 0, BEFORE);
      pay(producer, BEFORE, AFTER);

      JsonNode last = decisions.await(1, each -> amount(each) == BEFORE + AFTER).get(0);
      assertThat(last.path("balanceMinor").asLong())
          .isEqualTo(-LongStream.rangeClosed(1, BEFORE + AFTER).sum());
      assertThat(last.path("version").asInt()).isEqualTo(BEFORE + AFTER);
      assertThat(decisions.await(1, each -> true))
          .extracting(StateEvolutionITCase::amount)
          .doesNotHaveDuplicates();
      cluster.cancel(job);
    }
  }

  @Test
  void sessionsThatWereOpenGoOnAfterAnUpgradeOfTheVideoJob(LocalCluster cluster)
      throws IOException {
    Map<String, String> settings =
        settings(
            cluster,
            "evovid",
            List.of("alerts", "qoe", "sessions", "receipts", "ledger", "dead-letters"));
    settings.put("input.topic", "evovid.events");
    settings.put("window.size", "10s");
    settings.put("window.gap", "3s");
    cluster.createTopic("evovid.events", 1, Map.of());
    try (HandProducer<byte[]> producer = HandProducer.of(cluster);
        TopicContents receipts = new TopicContents(cluster, "evovid.receipts");
        TopicContents qoe = new TopicContents(cluster, "evovid.qoe");
        TopicContents sessions = new TopicContents(cluster, "evovid.sessions")) {
      beat(producer, "v-1", 0, BEFORE, WINDOW + 1_000);
      String job = restored(cluster, "video", settings, () -> receipts.await(BEFORE));
      beat(producer, "v-1", BEFORE, AFTER, WINDOW + 5_000);
      beat(producer, "v-2", 0, 1, WINDOW + 60_000);

      JsonNode session =
          sessions.await(1, each -> each.path("viewer").asText().equals("v-1")).get(0);
      assertThat(session.path("heartbeats").asInt()).isEqualTo(BEFORE + AFTER);
      assertThat(session.path("start").asText())
          .isEqualTo(Instant.ofEpochMilli(WINDOW + 1_000).toString());
      JsonNode window = qoe.await(1, each -> each.path("measure").asText().equals("events")).get(0);
      assertThat(window.path("kept").asInt()).isEqualTo(BEFORE + AFTER);
      cluster.cancel(job);
    }
  }

  /**
   * Starts a job of one subtask from its kept savepoint.
   *
   * @param done waits, where the savepoint is made anew, until the job is through with its input
   */
  private static String restored(
      LocalCluster cluster, String job, Map<String, String> settings, Runnable done)
      throws IOException {
    if (isMadeAnew(job)) {
      String first = cluster.submit(job, settings, 1, Optional.empty(), FLINK);
      cluster.awaitRunning(first, IotRun.LIMIT);
      done.run();
      replace(kept(job), path(cluster.stopWithSavepoint(first, false)));
    }
    Optional<String> kept = Optional.of("file://" + kept(job));
    String id = cluster.submit(job, settings, 1, kept, FLINK);
    cluster.awaitRunning(id, IotRun.LIMIT);
    return id;
  }

  private static Map<String, String> settings(
      LocalCluster cluster, String name, List<String> outputs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group.id", name);
    settings.put("policy.topic", "");
    for (String output : outputs) {
      settings.put(output + ".topic", name + "." + output);
      cluster.createTopic(name + "." + output, 1, Map.of());
    }
    return settings;
  }

  /** Payments of one account, of 1, 2, 3 and so on. */
  private static void pay(HandProducer<byte[]> producer, int from, int count) {
    for (int i = from; i < from + count; i++) {
      producer.send(
          SensorRecord.reading("evotx.commands.critical", 0, WINDOW + i, "shop", i)
              .with(CloudEventHeaders.TYPE, "transaction.payment")
              .withValue(
                  SensorRecord.utf8(
                      "{\"account\":\"a-1\",\"merchant\":\"m\",\"amountMinor\":%d,\"currency\":\"EUR\"}"
                          .formatted(i + 1)))
              .toKafka());
    }
  }

  private static long amount(JsonNode decision) {
    return -decision.path("changeMinor").asLong();
  }

  /** Heartbeats of a viewer, each half a second after the one before. */
  private static void beat(
      HandProducer<byte[]> producer, String viewer, int from, int count, long millis) {
    for (int i = 0; i < count; i++) {
      producer.send(
          SensorRecord.reading("evovid.events", 0, millis + 500L * i, viewer, from + i)
              .with(CloudEventHeaders.TYPE, "video.heartbeat")
              .with(CloudEventHeaders.SUBJECT, "c-1/i-1")
              .withValue(
                  SensorRecord.utf8(
                      "{\"viewer\":\"%s\",\"cdn\":\"c-1\",\"isp\":\"i-1\",\"bitrateKbps\":3200,\"positionMillis\":%d}"
                          .formatted(viewer, 500L * (from + i))))
              .toKafka());
    }
  }

  private static boolean isMadeAnew(String job) {
    return UPDATED.contains(job) || UPDATED.contains("true");
  }

  private static Path kept(String job) {
    return Path.of("src", "test", "resources", "savepoints", job).toAbsolutePath();
  }

  /** Flink leaves a blank in a path as it is, which is no URI. */
  private static Path path(String savepoint) {
    return Path.of(savepoint.replaceFirst("^file:/*", "/"));
  }

  private static void send(
      HandProducer<byte[]> producer, IotRun run, int from, int count, long millis) {
    for (int i = from; i < from + count; i++) {
      producer.send(
          SensorRecord.reading(run.topic("events"), i % PARTITIONS, millis, "s-1", i).toKafka());
    }
  }

  /** A canonical savepoint is whole in its folder: it may be moved. */
  private static void replace(Path kept, Path taken) throws IOException {
    if (Files.exists(kept)) {
      try (Stream<Path> old = Files.walk(kept)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(kept);
    try (Stream<Path> files = Files.list(taken)) {
      for (Path file : files.toList()) {
        Files.copy(file, kept.resolve(file.getFileName()));
      }
    }
  }
}
