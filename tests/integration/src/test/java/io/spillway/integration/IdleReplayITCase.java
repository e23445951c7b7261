package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.Settlement;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.replay.IdleReplay;
import io.spillway.sandbox.replay.LiveLoad;
import io.spillway.sandbox.replay.SpareCapacity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replay beside the live job: it begins when there is room, and makes way for an overload. */
@ExtendWith(SharedCluster.class)
class IdleReplayITCase {
  private static final int CAPACITY = 400;
  private static final LoadPlan FIRST =
      LoadPlan.surge(
          CAPACITY, 5, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(1));
  private static final LoadPlan SECOND =
      LoadPlan.steady("again", 5 * CAPACITY, Duration.ofSeconds(5));
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aReplayMakesWayAndGoesOnWithNothingReplayedTwice(LocalCluster cluster) throws Exception {
    Map<String, String> live =
        Map.of(
            "work.micros", String.valueOf(1_000_000 / CAPACITY),
            "admission.overload.high", "defer",
            "admission.overload.normal", "defer",
            "admission.overload.bulk", "defer",
            "kafka.delivery", "exactly-once",
            "window.size", "2s");
    List<String> said = new CopyOnWriteArrayList<>();
    try (IotRun run = IotRun.named("idle-replay", cluster, live).start(1)) {
      run.load(FIRST);
      long delivered = run.settle(FIRST).delivered();
      long deferred = run.judge().accounts().count(Fate.DEFERRED);
      assertThat(deferred).isPositive();
      cluster.createTopic(run.topic("corrections"), 1, Map.of());

      CompletableFuture<String> replay = replay(cluster, run, deferred / 100, said);
      run.await(
          "the replay has begun",
          j -> replay.isDone() || j.accounts().count(Fate.DELIVERED) > delivered);
      run.load(SECOND);
      run.await("the replay makes way", j -> replay.isDone() || anyBegins(said, "making way: "));

      String job = replay.get(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
      FlinkRest rest = new FlinkRest(cluster.rest());
      assertThat(rest.jobState(job)).as("%s %s", said, rest.lastFailure(job)).isEqualTo("FINISHED");
      assertThat(said).anyMatch(line -> line.contains("goes on"));
      LastWord ledger = LedgerTopic.read(cluster.bootstrapServers(), run.topic("ledger"));
      assertThat(ledger.settledBy("run-1", Settlement.Kind.REPLAYED)).isEqualTo(deferred);
      assertThat(correctedEvents(cluster, run)).isEqualTo(deferred);
    }
  }

  private static CompletableFuture<String> replay(
      LocalCluster cluster, IotRun run, long rate, List<String> said) {
    Map<String, String> settings = new LinkedHashMap<>(run.settings());
    settings.put("work.micros", "0");
    settings.put("corrections.topic", run.topic("corrections"));
    settings.put("replay.run", "run-1");
    FlinkRest rest = new FlinkRest(cluster.rest());
    IdleReplay replay =
        new IdleReplay(
            rest,
            new LiveLoad(rest, "Spillway IoT ingestion"),
            new SpareCapacity(Duration.ofSeconds(2)),
            (all, savepoint) -> {
              Map<String, String> slowAtFirst = new LinkedHashMap<>(all);
              slowAtFirst.put("replay.rate", String.valueOf(savepoint.isEmpty() ? rate : 0));
              return cluster.submit("replay", slowAtFirst, 1, savepoint);
            },
            said::add);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return replay.run(settings);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static boolean anyBegins(List<String> lines, String with) {
    return lines.stream().anyMatch(line -> line.startsWith(with));
  }

  private static long correctedEvents(LocalCluster cluster, IotRun run) throws Exception {
    long events = 0;
    try (TopicContents corrections = new TopicContents(cluster, run.topic("corrections"))) {
      for (ConsumerRecord<byte[], byte[]> correction : corrections.await(1)) {
        events += JSON.readTree(correction.value()).get("kept").asLong();
      }
    }
    return events;
  }
}
