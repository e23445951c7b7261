package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.event.DeadLetter;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.policy.Policy;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.policy.PolicyRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A job that sheds is told by a record in a topic to defer, and does; then somebody writes nonsense
 * there, and a TaskManager is killed.
 */
@ExtendWith(SharedCluster.class)
class PolicyITCase {
  private static final int VICTIM = 2;
  private static final String JOB = "iot";
  private static final String TOPIC = "policy.policies";
  private static final Policy DEFER =
      new Policy(
          7, Map.of("admission.overload.bulk", "defer", "admission.overload.normal", "defer"));

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void aRunningJobTurnsFromSheddingToDeferringAndStaysThereWhateverHappens(LocalCluster cluster) {
    Map<String, String> settings =
        Map.of("work.micros", "5000", "kafka.delivery", "exactly-once", "policy.topic", TOPIC);
    LoadPlan load = LoadPlan.surge(400, 5, seconds(2), seconds(18), seconds(1));
    try (IotRun run = IotRun.named("policy", cluster, settings).start(2);
        TopicContents letters = new TopicContents(cluster, run.topic("dead-letters"));
        TopicContents ledger = new TopicContents(cluster, run.topic("ledger"))) {
      run.load(load);
      run.await("bulk events are shed", j -> j.accounts().count(Priority.BULK, Fate.SHED) > 0);
      assertThat(run.judge().accounts().count(Fate.DEFERRED)).isZero();

      new PolicyRecords(cluster.bootstrapServers(), TOPIC).write(JOB, DEFER);
      write(cluster, "defer everything!");
      run.await(
          "bulk events are deferred", j -> j.accounts().count(Priority.BULK, Fate.DEFERRED) > 0);
      assertSaysWhyItWasRefused(letters);

      cluster.killTaskManager(VICTIM);
      Conservation conservation = run.settle(load);
      run.awaitRunning();
      assertThat(run.hasFailedOnce()).as("the job had a task on the victim").isTrue();
      assertThat(conservation.unaccounted()).isZero();
      assertThat(conservation.unknown()).isZero();
      run.assertEveryCriticalEventCameOut();

      assertThat(letters.await(1)).as("not reported again").hasSize(1);
      assertOnePolicyAfterTheOther(ledger.await(1, entry -> entry.has("policy")));
    }
  }

  private static void write(LocalCluster cluster, String value) {
    try (HandProducer<byte[]> producer = HandProducer.of(cluster)) {
      producer.send(new ProducerRecord<>(TOPIC, utf8(JOB), utf8(value)));
    }
  }

  private static void assertSaysWhyItWasRefused(TopicContents letters) {
    ConsumerRecord<byte[], byte[]> letter = letters.await(1).get(0);
    assertThat(letter.value()).isEqualTo(utf8("defer everything!"));
    assertThat(header(letter, DeadLetterRecordSerializer.REASON))
        .isEqualTo(DeadLetter.Reason.BAD_POLICY.wireName());
    assertThat(header(letter, DeadLetterRecordSerializer.DETAIL)).startsWith("not JSON");
    assertThat(header(letter, DeadLetterRecordSerializer.TOPIC)).isEqualTo(TOPIC);
    assertThat(header(letter, DeadLetterRecordSerializer.OFFSET)).isEqualTo("1");
  }

  /** Policy 0, then 7, in each partition: also where a failure had ranges described again. */
  private static void assertOnePolicyAfterTheOther(List<JsonNode> entries) {
    Map<Integer, Long> last = new HashMap<>();
    for (JsonNode entry : entries) {
      long policy = entry.get("policy").asLong();
      Long before = last.put(entry.get("partition").asInt(), policy);
      assertThat(policy).as("%s after policy %s", entry, before).isIn(0L, 7L);
      assertThat(policy).as("%s", entry).isGreaterThanOrEqualTo(before == null ? 0 : before);
      String given = policy == 0 ? "shed" : "deferred";
      String other = policy == 0 ? "deferred" : "shed";
      JsonNode rejected = entry.get("rejected");
      assertThat(rejected.path(other).path("counts").path("bulk").asLong())
          .as("%s under a policy of %s", entry, given)
          .isZero();
    }
    assertThat(last).as("all partitions ended under the new policy").hasSize(4);
    assertThat(last.values()).containsOnly(7L);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
