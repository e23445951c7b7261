package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code ./spillway audit} on the topics of a job that ran at three times its capacity: conserved
 * as they are; and not, naming the very offset, in copies from which a record was taken or into
 * which one was put. The command runs as the launcher runs it.
 */
@ExtendWith(SharedCluster.class)
class AuditITCase {
  private static final LoadPlan LOAD = LoadPlan.steady("overload", 1_200, Duration.ofSeconds(4));
  private static final long NOWHERE = 1_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void findsWhatWasDeletedAndWhatWasForged(LocalCluster cluster) throws Exception {
    try (IotRun run = IotRun.named("audit", cluster, Map.of("work.micros", "2500")).start(1)) {
      run.load(LOAD);
      Conservation conservation = run.settle(LOAD);
      assertThat(conservation.shed()).isPositive();

      Audited whole = Audited.of(run.settings());
      assertThat(whole.exitCode()).as(whole.output()).isZero();
      assertThat(whole.output())
          .contains("conserved: each of %,d events".formatted(LOAD.events()))
          .contains("none with a problem");

      List<ConsumerRecord<byte[], byte[]>> receipts = contents(cluster, run, "receipts");
      Receipt deleted = Receipt.parse(receipts.get(receipts.size() / 2).value());
      List<ConsumerRecord<byte[], byte[]>> rest = new ArrayList<>(receipts);
      rest.remove(receipts.size() / 2);
      copy(cluster, rest, "audit.receipts-less");
      List<ConsumerRecord<byte[], byte[]>> ledger = contents(cluster, run, "ledger");
      copy(cluster, ledger, "audit.ledger-more");
      send(cluster, "audit.ledger-more", forged(ledger));
      Audited changed =
          audit(
              run,
              Map.of("receipts.topic", "audit.receipts-less", "ledger.topic", "audit.ledger-more"),
              "--all");
      assertThat(changed.exitCode()).as(changed.output()).isEqualTo(1);
      assertThat(changed.output())
          .contains("NOT conserved: 1 missing")
          .containsPattern(
              "missing +audit\\.events-%d@%d +source %s sequence %d "
                  .formatted(
                      deleted.partition(), deleted.offset(), deleted.source(), deleted.sequence()))
          .containsPattern("forged +audit\\.events-\\d@100\\d{4} +the ledger names it");

      copy(cluster, receipts, "audit.receipts-more");
      send(cluster, "audit.receipts-more", receipts.get(0).value());
      Receipt second = Receipt.parse(receipts.get(0).value());
      Audited once = audit(run, Map.of("receipts.topic", "audit.receipts-more"), "--all", "--once");
      assertThat(once.exitCode()).as(once.output()).isEqualTo(1);
      assertThat(once.output())
          .contains("NOT conserved: 1 double")
          .contains("audit.events-%d@%d ".formatted(second.partition(), second.offset()));
    }
  }

  @Test
  void saysThatThereIsNoSuchTopic(LocalCluster cluster) throws Exception {
    cluster.createTopic("audit-none.events", 1, Map.of());
    Audited audited = Audited.of(Map.of("input.topic", "audit-none.evnts"));
    assertThat(audited.exitCode()).as(audited.output()).isEqualTo(2);
    assertThat(audited.output().strip().lines()).hasSize(1);
    assertThat(audited.output()).contains("audit-none.evnts").contains("'audit-none.events'");
  }

  private static List<ConsumerRecord<byte[], byte[]>> contents(
      LocalCluster cluster, IotRun run, String topic) {
    try (TopicContents contents = new TopicContents(cluster, run.topic(topic))) {
      return List.copyOf(contents.await(1));
    }
  }

  private static void copy(
      LocalCluster cluster, List<ConsumerRecord<byte[], byte[]>> records, String topic) {
    cluster.createTopic(topic, 1, Map.of("message.timestamp.type", "LogAppendTime"));
    send(cluster, topic, records.stream().map(ConsumerRecord::value).toArray(byte[][]::new));
  }

  private static void send(LocalCluster cluster, String topic, byte[]... values) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", cluster.bootstrapServers(), "linger.ms", 20);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(topic, value));
      }
    }
  }

  /** A record of the ledger that turns events away, moved to where the input has nothing. */
  private static byte[] forged(List<ConsumerRecord<byte[], byte[]>> ledger) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : ledger) {
      ObjectNode entry = (ObjectNode) JSON.readTree(record.value());
      if (entry.path("rejected").has("shed")) {
        long from = entry.path("from").asLong();
        entry.put("from", from + NOWHERE).put("to", entry.path("to").asLong() + NOWHERE);
        return JSON.writeValueAsBytes(entry);
      }
    }
    throw new AssertionError("nothing was shed");
  }

  /** Audits the run with these settings over its own. */
  private static Audited audit(IotRun run, Map<String, String> changed, String... options)
      throws Exception {
    Map<String, String> settings = new LinkedHashMap<>(run.settings());
    settings.putAll(changed);
    return Audited.of(settings, options);
  }
}
