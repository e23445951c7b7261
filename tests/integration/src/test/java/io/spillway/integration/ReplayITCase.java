package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.ledger.Claim;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.ProducedWindows.Comparison;
import io.spillway.sandbox.measure.TopicReader;
import io.spillway.sandbox.measure.WindowTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.roaringbitmap.RoaringBitmap;

/**
 * What is deferred in an overload is replayed, with {@code kill -9} of a TaskManager in the middle
 * of it, and then every window is what it would have been without the overload; also where the
 * replay goes by another seed and policy, the topic has more partitions by then, and a second
 * replay wants to do the same at the same time.
 */
@ExtendWith(SharedCluster.class)
class ReplayITCase {
  private static final int VICTIM = 2;
  private static final Duration WINDOW = Duration.ofSeconds(2);

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void everyWindowIsWholeAfterTheReplay(LocalCluster cluster) throws Exception {
    Map<String, String> settings =
        Map.of(
            "work.micros", "5000",
            "admission.overload.high", "defer",
            "admission.overload.normal", "defer",
            "admission.overload.bulk", "defer",
            "kafka.delivery", "exactly-once",
            "window.size", WINDOW.toMillis() + "ms");
    LoadPlan load = LoadPlan.surge(400, 5, seconds(2), seconds(6), seconds(3));
    try (IotRun run = IotRun.named("replay", cluster, settings).start(2)) {
      run.load(load);
      Conservation before = run.settle(load);
      run.drain();
      long deferred = run.judge().accounts().count(Fate.DEFERRED);
      assertThat(deferred).isPositive();
      cluster.createTopic(run.topic("corrections"), 1, Map.of());
      addPartitions(cluster, run.topic("events"), 6);

      claim(cluster, run, false);
      assertThat(failure(cluster, replay(cluster, run, "run-too-many", 1, 0)))
          .contains("is being replayed by run 'run-0'");
      claim(cluster, run, true);
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
      Audited.of(run.settings(), "--all").assertConserved();

      List<String> corrections = records(cluster, run.topic("corrections"));
      cluster.deleteTopic(run.topic("events"));
      sayThatMoreWasDeferred(cluster, run);
      awaitEnd(cluster, replay(cluster, run, "run-2", 1, 0));
      assertThat(records(cluster, run.topic("corrections"))).isEqualTo(corrections);
      LastWord after = LedgerTopic.read(cluster.bootstrapServers(), run.topic("ledger"));
      assertThat(after.settledBy("run-2", Settlement.Kind.REPLAYED))
          .as("a second replay finds nothing to do")
          .isZero();
      assertThat(after.settledBy("run-2", Settlement.Kind.GONE))
          .as("what is said of a topic that was deleted")
          .isEqualTo(2);
    }
  }

  /** What a replay that is at work says for as long as this test may last, or at its end. */
  private static void claim(LocalCluster cluster, IotRun run, boolean ended) {
    long at = System.currentTimeMillis() + IotRun.LIMIT.toMillis();
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      byte[] claim = LedgerJson.write(new Claim("run-0", "iot", at, ended));
      producer.send(new ProducerRecord<>(run.topic("ledger"), claim));
    }
  }

  /** A record that cannot be read, and two events that were deferred and are gone. */
  private static void sayThatMoreWasDeferred(LocalCluster cluster, IotRun run) {
    LedgerEntry entry =
        new LedgerEntry(
            run.topic("events"),
            0,
            1_000_000,
            1_000_009,
            "all",
            new long[Priority.COUNT],
            new long[Outcome.COUNT][Priority.COUNT],
            Map.of(Outcome.DEFERRED, RoaringBitmap.bitmapOf(0, 9)),
            Terms.unknown());
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      producer.send(new ProducerRecord<>(run.topic("ledger"), SensorRecord.utf8("{\"from\":")));
      producer.send(new ProducerRecord<>(run.topic("ledger"), LedgerJson.write(entry)));
    }
  }

  private static void addPartitions(LocalCluster cluster, String topic, int partitions)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      admin
          .createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
          .all()
          .get(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Why this job has failed. */
  private static String failure(LocalCluster cluster, String jobId) {
    FlinkRest rest = new FlinkRest(cluster.rest());
    assertThat(Await.until(IotRun.LIMIT, () -> rest.jobState(jobId).equals("FAILED"))).isTrue();
    return rest.lastFailure(jobId);
  }

  /** With another seed and policy than the live job had: what was deferred is in the ledger. */
  private static String replay(
      LocalCluster cluster, IotRun run, String name, int parallelism, long rate) {
    Map<String, String> settings = new LinkedHashMap<>(run.settings());
    settings.put("work.micros", "0");
    settings.put("corrections.topic", run.topic("corrections"));
    settings.put("replay.run", name);
    settings.put("replay.rate", String.valueOf(rate));
    settings.put("admission.seed", "4711");
    settings.put("admission.overload.bulk", "shed");
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
  private static void assertEveryWindowIsWhole(LocalCluster cluster, IotRun run) {
    Comparison windows =
        new WindowTopics(run.topic("events"), run.topic("aggregates"), run.topic("corrections"))
            .compare(cluster.bootstrapServers(), WINDOW);
    assertThat(windows.problems()).isEmpty();
    assertThat(windows.corrected()).as("some windows were not whole").isPositive();
    assertThat(windows.coverageGap()).isZero();
    assertThat(windows.error()).isZero();
    assertThat(records(cluster, run.topic("corrections")))
        .allMatch(correction -> correction.contains("\"run\":\"run-1\""));
  }

  private static List<String> records(LocalCluster cluster, String topic) {
    List<String> records = new ArrayList<>();
    TopicReader.readAll(
        cluster.bootstrapServers(),
        topic,
        IotRun.LIMIT,
        record -> records.add(new String(record.value(), StandardCharsets.UTF_8)));
    return records;
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
