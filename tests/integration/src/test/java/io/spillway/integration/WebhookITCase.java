package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.TopicReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two jobs on real processes hand over to a target that goes away and comes back: results that can
 * wait do so in Kafka, alerts take the second way out, and in the end somebody has each of them.
 */
@ExtendWith(SharedCluster.class)
class WebhookITCase {
  private static final int BEFORE = 20;
  private static final int WHILE_GONE = 200;
  private static final int IN_FLIGHT = 5;
  private static final List<String> JOBS = List.of("results", "alerts");
  private static final Map<String, String> FLINK =
      Map.of("execution.checkpointing.interval", "1s", "execution.checkpointing.min-pause", "0s");

  @Test
  void resultsWaitInKafkaForATargetThatIsGoneAndAlertsTakeTheSecondWayOut(LocalCluster cluster) {
    try (HttpInbox first = new HttpInbox();
        HttpInbox second = new HttpInbox();
        HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      cluster.createTopic("hook.dead-letters", 1, Map.of());
      JOBS.forEach(name -> cluster.createTopic("hook." + name, 1, Map.of()));
      String results = submit(cluster, settings("results", first, Optional.empty()));
      String alerts = submit(cluster, settings("alerts", first, Optional.of(second)));
      List<String> sent = new ArrayList<>(send(producer, "results", BEFORE));
      sent.addAll(send(producer, "alerts", BEFORE));
      await("the target takes all", () -> first.taken().containsAll(sent));

      first.goAway();
      List<String> waiting = send(producer, "results", WHILE_GONE);
      List<String> urgent = send(producer, "alerts", WHILE_GONE);
      await("alerts go elsewhere", () -> second.taken().containsAll(urgent));
      awaitTwoMoreCheckpoints(cluster, results);
      for (String job : List.of(results, alerts)) {
        assertThat(new FlinkRest(cluster.rest()).lastFailure(job)).isEmpty();
      }

      first.comeBack();
      await("results go out", () -> first.taken().containsAll(waiting));
      assertThat(second.taken()).as("what can wait waits").doesNotContainAnyElementsOf(waiting);
      JOBS.forEach(name -> assertThat(committedAfterAWhile(cluster, name)).isTrue());
      cluster.cancel(results);
      cluster.cancel(alerts);
      assertThat(count(cluster, "hook.dead-letters")).isZero();
    }
  }

  private static String submit(LocalCluster cluster, Map<String, String> settings) {
    String job = cluster.submit("webhook", settings, 1, Optional.empty(), FLINK);
    cluster.awaitRunning(job, IotRun.LIMIT);
    return job;
  }

  private static Map<String, String> settings(
      String name, HttpInbox first, Optional<HttpInbox> second) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group.id", "hook-" + name);
    settings.put("input.topic", "hook." + name);
    settings.put("dead-letters.topic", "hook.dead-letters");
    settings.put("webhook.url", first.url());
    second.ifPresent(inbox -> settings.put("webhook.second-url", inbox.url()));
    settings.put("webhook.in-flight", String.valueOf(IN_FLIGHT));
    settings.put("webhook.breaker.window", "4");
    settings.put("webhook.breaker.open", "300ms");
    settings.put("webhook.backoff.longest", "300ms");
    return settings;
  }

  /** Ids of the events that the target gets: where the records are. */
  private static List<String> send(HandProducer<byte[]> producer, String name, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RecordMetadata at =
          producer.send(
              new ProducerRecord<>("hook." + name, SensorRecord.utf8("{\"n\":" + i + "}")));
      ids.add("%s-%d-%d".formatted(at.topic(), at.partition(), at.offset()));
    }
    return ids;
  }

  /** The first of them may have begun before the target was gone. */
  private static void awaitTwoMoreCheckpoints(LocalCluster cluster, String job) {
    int so = checkpoints(cluster, job);
    await("checkpoints go on", () -> checkpoints(cluster, job) >= so + 2);
  }

  private static int checkpoints(LocalCluster cluster, String job) {
    return new FlinkRest(cluster.rest())
        .get("/jobs/" + job + "/checkpoints")
        .path("counts")
        .path("completed")
        .asInt();
  }

  private static boolean committedAfterAWhile(LocalCluster cluster, String name) {
    return Await.until(
        IotRun.LIMIT, () -> committed(cluster, "hook-" + name) == BEFORE + WHILE_GONE);
  }

  /** Records that this group has read, by its last checkpoint. */
  private static long committed(LocalCluster cluster, String group) {
    Map<String, Object> config =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(at -> at.offset())
          .sum();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static int count(LocalCluster cluster, String topic) {
    List<Object> records = new ArrayList<>();
    TopicReader.readAll(cluster.bootstrapServers(), topic, IotRun.LIMIT, records::add);
    return records.size();
  }

  private static void await(String what, BooleanSupplier condition) {
    assertThat(Await.until(IotRun.LIMIT, condition)).as(what).isTrue();
  }
}
