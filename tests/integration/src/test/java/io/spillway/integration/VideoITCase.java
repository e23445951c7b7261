package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Playback on real processes, at three times what the job gets done: what it says of windows and of
 * sessions against what was produced and what became of it, computed again from the topics alone.
 */
@ExtendWith(SharedCluster.class)
class VideoITCase {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long WINDOW_MILLIS = 5_000;
  private static final List<String> OUTPUTS =
      List.of("alerts", "qoe", "sessions", "receipts", "ledger", "dead-letters");
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  /** One subtask does 400 events/s; a session of the generator lasts two thirds of a second. */
  private static final LoadPlan LOAD =
      LoadPlan.steady("overload", 1_200, Duration.ofSeconds(10))
          .with("events", "video")
          .with("sources", "40")
          .with("mix", "critical=1,high=9,normal=70,bulk=20");

  @Test
  void countsEveryEventKeepsWholeSessionsAndJudgesAllByThem(LocalCluster cluster) {
    Map<String, String> settings = settings();
    MeasuredTopics topics = MeasuredTopics.of(settings);
    topics.inputs().forEach(topic -> cluster.createTopic(topic, 4, Map.of()));
    OUTPUTS.forEach(output -> cluster.createTopic("vid." + output, 1, STAMPED));
    String job = cluster.submit("video", settings, 1, Optional.empty(), Map.of());
    cluster.awaitRunning(job, IotRun.LIMIT);
    Map<String, String> generator = new LinkedHashMap<>(LOAD.generator());
    generator.put("topic", settings.get("input.topic"));
    generator.put("profile", LOAD.profile());
    cluster.load(generator).await(IotRun.LIMIT);
    try (Judge judge = new Judge(cluster.bootstrapServers(), topics)) {
      await(judge, j -> j.accounts().produced() == LOAD.events());
      await(judge, j -> j.accounts().count(Fate.UNACCOUNTED) == 0);
      cluster.stopWithSavepoint(job, true);
      assertThat(judge.catchUp(IotRun.LIMIT)).isTrue();
      Conservation conservation = Conservation.of(judge.accounts());
      assertThat(conservation.unknown()).isZero();
      assertThat(conservation.duplicates()).isZero();
      assertThat(judge.accounts().count(Priority.NORMAL, Fate.SHED)).isPositive();
      assertThat(judge.accounts().count(Priority.CRITICAL, Fate.DELIVERED))
          .isEqualTo(judge.accounts().produced(Priority.CRITICAL));

      List<ProducedPlayback> produced =
          ProducedPlayback.read(cluster, "vid.events", "vid.receipts");
      assertEveryFailedStartIsAnAlert(cluster, produced);
      assertWindowsOfEventsAddUp(cluster, produced);
      assertSessionsAreWhatWasKept(cluster, produced);
      assertSessionsSpeakForAll(cluster, produced);
    }
  }

  private static void assertEveryFailedStartIsAnAlert(
      LocalCluster cluster, List<ProducedPlayback> produced) {
    List<String> failures =
        produced.stream()
            .filter(event -> event.type().equals("video.start-failure"))
            .map(event -> event.source() + " " + event.id())
            .toList();
    assertThat(failures).isNotEmpty();
    assertThat(contents(cluster, "alerts"))
        .extracting(alert -> alert.path("source").asText() + " " + alert.path("id").asText())
        .containsExactlyInAnyOrderElementsOf(failures);
  }

  private static void assertWindowsOfEventsAddUp(
      LocalCluster cluster, List<ProducedPlayback> produced) {
    Map<String, String> expected =
        produced.stream()
            .collect(
                Collectors.groupingBy(
                    event -> event.route() + " " + event.timeMillis() / WINDOW_MILLIS,
                    Collectors.collectingAndThen(
                        Collectors.toList(),
                        events ->
                            "seen %d kept %d exact true"
                                .formatted(
                                    events.size(),
                                    events.stream().filter(ProducedPlayback::kept).count()))));
    Map<String, String> told = new LinkedHashMap<>();
    for (JsonNode result : contents(cluster, "qoe")) {
      if (result.path("measure").asText().equals("events")) {
        told.put(
            "%s/%s %d"
                .formatted(
                    result.path("cdn").asText(),
                    result.path("isp").asText(),
                    ProducedPlayback.millis(result.path("start").asText()) / WINDOW_MILLIS),
            "seen %.0f kept %d exact %s"
                .formatted(
                    result.path("count").asDouble(),
                    result.path("kept").asLong(),
                    result.path("countExact").asBoolean()));
      }
    }
    assertThat(told).isEqualTo(expected);
  }

  private static void assertSessionsAreWhatWasKept(
      LocalCluster cluster, List<ProducedPlayback> produced) {
    Map<String, List<ProducedPlayback>> viewers =
        produced.stream()
            .filter(event -> !event.type().equals("video.debug"))
            .collect(Collectors.groupingBy(ProducedPlayback::viewer));
    Map<String, String> expected =
        viewers.entrySet().stream()
            .filter(viewer -> viewer.getValue().stream().anyMatch(ProducedPlayback::kept))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    viewer ->
                        figures(
                            viewer.getValue().stream().filter(ProducedPlayback::kept).toList())));
    Map<String, String> told =
        contents(cluster, "sessions").stream()
            .collect(
                Collectors.toMap(
                    session -> session.path("viewer").asText(),
                    session ->
                        "heartbeats %d rebuffer %d"
                            .formatted(
                                session.path("heartbeats").asLong(),
                                session.path("rebufferMillis").asLong())));
    assertThat(told).isEqualTo(expected);

    long played = 0;
    long whole = 0;
    for (List<ProducedPlayback> events : viewers.values()) {
      List<ProducedPlayback> beats = events.stream().filter(ProducedPlayback::isBeat).toList();
      long kept = beats.stream().filter(ProducedPlayback::kept).count();
      played += kept > 0 ? 1 : 0;
      whole += kept > 0 && kept == beats.size() ? 1 : 0;
    }
    // By event, with a third of them kept, one session in thousands would be whole.
    assertThat(whole / (double) played).as("of %d sessions", played).isGreaterThan(0.03);
    assertThat(played).as("heartbeats of some viewers were shed").isLessThan(viewers.size());
  }

  private static String figures(List<ProducedPlayback> kept) {
    return "heartbeats %d rebuffer %d"
        .formatted(
            kept.stream().filter(event -> event.type().equals("video.heartbeat")).count(),
            kept.stream().mapToLong(ProducedPlayback::rebufferMillis).sum());
  }

  private static void assertSessionsSpeakForAll(
      LocalCluster cluster, List<ProducedPlayback> produced) {
    double ratios = 0;
    double playing = 0;
    double begun = 0;
    for (List<ProducedPlayback> events :
        produced.stream().collect(Collectors.groupingBy(ProducedPlayback::viewer)).values()) {
      begun += events.stream().anyMatch(ProducedPlayback::beginsASession) ? 1 : 0;
      LongSummaryStatistics positions =
          events.stream()
              .filter(ProducedPlayback::isBeat)
              .mapToLong(ProducedPlayback::positionMillis)
              .summaryStatistics();
      if (positions.getMax() > positions.getMin()) {
        double still =
            events.stream()
                .filter(event -> event.positionMillis() >= positions.getMin())
                .filter(event -> event.positionMillis() <= positions.getMax())
                .mapToLong(ProducedPlayback::rebufferMillis)
                .sum();
        ratios += still / (positions.getMax() - positions.getMin() + still);
        playing++;
      }
    }
    double sessions = 0;
    double told = 0;
    double toldOf = 0;
    for (JsonNode result : contents(cluster, "qoe")) {
      String measure = result.path("measure").asText();
      if (measure.equals("sessions")) {
        sessions += result.path("sum").asDouble();
      } else if (measure.equals("rebuffer-ratio")) {
        told += result.path("sum").asDouble();
        toldOf += result.path("count").asDouble();
      }
    }
    assertThat(sessions / begun).as("of %s sessions", begun).isCloseTo(1, within(0.45));
    assertThat(toldOf / playing)
        .as("of %s sessions that played", playing)
        .isCloseTo(1, within(0.45));
    assertThat(told / toldOf)
        .as("mean rebuffer ratio of %s sessions", playing)
        .isCloseTo(ratios / playing, within(0.45 * ratios / playing));
  }

  private static List<JsonNode> contents(LocalCluster cluster, String what) {
    try (TopicContents topic = new TopicContents(cluster, "vid." + what)) {
      topic.await(1);
      return topic.await(1, record -> true);
    }
  }

  private static void await(Judge judge, Predicate<Judge> condition) {
    boolean met =
        Await.until(
            IotRun.LIMIT,
            () -> {
              judge.poll(POLL);
              return condition.test(judge);
            });
    assertThat(met).as("%s", Conservation.of(judge.accounts())).isTrue();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    OUTPUTS.forEach(output -> settings.put(output + ".topic", "vid." + output));
    settings.put("kafka.group.id", "vid");
    settings.put("input.topic", "vid.events");
    settings.put("policy.topic", "");
    settings.put("window.size", WINDOW_MILLIS + "ms");
    settings.put("window.gap", "3s");
    settings.put("window.lateness", "1s");
    settings.put("work.micros", "2500");
    return settings;
  }
}
