package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.Settlement;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is deferred in an overload is replayed, with {@code kill -9} of a TaskManager in the middle
 * of it, and then every window is what it would have been without the overload.
 */
@ExtendWith(SharedCluster.class)
class ReplayITCase {
  private static final int VICTIM = 2;
  private static final long WINDOW_MILLIS = 2_000;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Window(String site, String metric, long startMillis) {}

  private record Truth(long count, double sum, double min, double max) {
    Truth with(double value) {
      return new Truth(count + 1, sum + value, Math.min(min, value), Math.max(max, value));
    }
  }

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void everyWindowIsWholeAfterTheReplay(LocalCluster cluster) throws IOException {
    Map<String, String> settings =
        Map.of(
            "work.micros", "5000",
            "admission.overload.high", "defer",
            "admission.overload.normal", "defer",
            "admission.overload.bulk", "defer",
            "kafka.delivery", "exactly-once",
            "window.size", WINDOW_MILLIS + "ms");
    LoadPlan load = LoadPlan.surge(400, 5, seconds(2), seconds(6), seconds(3));
    try (IotRun run = IotRun.named("replay", cluster, settings).start(2)) {
      run.load(load);
      Conservation before = run.settle(load);
      run.drain();
      long deferred = run.judge().accounts().count(Fate.DEFERRED);
      assertThat(deferred).isPositive();
      cluster.createTopic(run.topic("corrections"), 1, Map.of());

      String first = replay(cluster, run, "run-1", 2, deferred / 12);
      run.await(
          "a fifth of the deferred events is replayed",
          j -> j.accounts().count(Fate.DELIVERED) > before.delivered() + deferred / 5);
      assertThat(records(cluster, run.topic("corrections"))).isEmpty();
      cluster.killTaskManager(VICTIM);
      cluster.startTaskManager(VICTIM);
      awaitEnd(cluster, first);
      assertThat(new FlinkRest(cluster.rest()).lastFailure(first))
          .as("the replay had a task on the victim")
          .isNotEmpty();

      LastWord ledger = LedgerTopic.read(cluster.bootstrapServers(), run.topic("ledger"));
      assertThat(ledger.settledBy("run-1", Settlement.Kind.REPLAYED)).isEqualTo(deferred);
      assertThat(ledger.settledBy("run-1", Settlement.Kind.GONE)).isZero();
      assertThat(ledger.partitions()).allMatch(partition -> ledger.open(partition).isEmpty());
      assertEveryWindowIsWhole(cluster, run);

      List<String> corrections = records(cluster, run.topic("corrections"));
      awaitEnd(cluster, replay(cluster, run, "run-2", 1, 0));
      assertThat(records(cluster, run.topic("corrections"))).isEqualTo(corrections);
      assertThat(
              LedgerTopic.read(cluster.bootstrapServers(), run.topic("ledger"))
                  .settledBy("run-2", Settlement.Kind.REPLAYED))
          .as("a second replay finds nothing to do")
          .isZero();
    }
  }

  private static String replay(
      LocalCluster cluster, IotRun run, String name, int parallelism, long rate) {
    Map<String, String> settings = new LinkedHashMap<>(run.settings());
    settings.put("work.micros", "0");
    settings.put("corrections.topic", run.topic("corrections"));
    settings.put("replay.run", name);
    settings.put("replay.rate", String.valueOf(rate));
    return cluster.submit("replay", settings, parallelism, Optional.empty());
  }

  private static void awaitEnd(LocalCluster cluster, String jobId) {
    FlinkRest rest = new FlinkRest(cluster.rest());
    boolean ended =
        Await.until(
            IotRun.LIMIT, () -> List.of("FINISHED", "FAILED").contains(rest.jobState(jobId)));
    assertThat(ended).as("the replay ends; it is %s", rest.jobState(jobId)).isTrue();
    assertThat(rest.jobState(jobId)).as(rest.lastFailure(jobId)).isEqualTo("FINISHED");
  }

  /** First result and corrections, merged, against what all produced events say. */
  private static void assertEveryWindowIsWhole(LocalCluster cluster, IotRun run)
      throws IOException {
    Map<Window, Truth> truth = truth(cluster, run);
    Map<Window, JsonNode> firsts = new HashMap<>();
    for (String json : records(cluster, run.topic("aggregates"))) {
      JsonNode result = JSON.readTree(json);
      firsts.put(window(result), result);
    }
    Map<Window, WindowSample> samples = new HashMap<>();
    for (Map.Entry<Window, JsonNode> first : firsts.entrySet()) {
      if (first.getValue().has("sample")) {
        samples.put(first.getKey(), WindowSample.ofText(first.getValue().get("sample").asText()));
      }
    }
    for (String json : records(cluster, run.topic("corrections"))) {
      JsonNode correction = JSON.readTree(json);
      assertThat(correction.get("run").asText()).isEqualTo("run-1");
      assertThat(samples).as("only what is not whole is corrected").containsKey(window(correction));
      samples
          .get(window(correction))
          .mergedWith(WindowSample.ofText(correction.get("sample").asText()));
    }
    assertThat(firsts).containsOnlyKeys(truth.keySet());
    assertThat(samples).as("some windows were not whole").isNotEmpty();
    truth.forEach(
        (window, expected) -> {
          if (samples.containsKey(window)) {
            assertSame(window, WindowEstimate.of(0, 1, samples.get(window)), expected);
          } else {
            JsonNode first = firsts.get(window);
            assertThat(first.get("coverage").asDouble()).isEqualTo(1.0);
            assertThat(first.get("count").asDouble()).isEqualTo(expected.count());
            assertThat(first.get("sum").asDouble()).isCloseTo(expected.sum(), within(1e-6));
          }
        });
  }

  private static void assertSame(Window window, WindowEstimate merged, Truth expected) {
    assertThat(merged.kept()).as("kept of %s", window).isEqualTo(expected.count());
    assertThat(merged.count()).as("count of %s", window).isEqualTo(expected.count());
    assertThat(merged.countExact()).isTrue();
    assertThat(merged.coverage()).isEqualTo(1.0);
    assertThat(merged.sum().value()).as("%s", window).isCloseTo(expected.sum(), within(1e-6));
    assertThat(merged.sum().low()).isEqualTo(merged.sum().high());
    assertThat(merged.min()).isEqualTo(expected.min());
    assertThat(merged.max()).isEqualTo(expected.max());
  }

  private static Map<Window, Truth> truth(LocalCluster cluster, IotRun run) throws IOException {
    Map<Window, Truth> truth = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> event : read(cluster, run.topic("events"))) {
      JsonNode payload = JSON.readTree(event.value());
      String time =
          new String(event.headers().lastHeader("ce_time").value(), StandardCharsets.UTF_8);
      long millis = Instant.parse(time).toEpochMilli();
      Window window =
          new Window(
              payload.get("site").asText(),
              payload.get("metric").asText(),
              millis - millis % WINDOW_MILLIS);
      double value = payload.get("value").asDouble();
      Truth none = new Truth(0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      truth.put(window, truth.getOrDefault(window, none).with(value));
    }
    return truth;
  }

  private static Window window(JsonNode result) {
    return new Window(
        result.get("site").asText(),
        result.get("metric").asText(),
        Instant.parse(result.get("start").asText()).toEpochMilli());
  }

  private static List<String> records(LocalCluster cluster, String topic) {
    return read(cluster, topic).stream()
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(LocalCluster cluster, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (TopicReader reader =
        TopicReader.fromBeginning(cluster.bootstrapServers(), List.of(topic))) {
      Map<TopicPartition, Long> ends = reader.ends();
      boolean read =
          Await.until(
              IotRun.LIMIT,
              () -> {
                reader.poll(POLL).forEach(records::add);
                return reader.hasReached(ends);
              });
      assertThat(read).as("%s is read to its end", topic).isTrue();
    }
    return records;
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
