package io.spillway.integration;

import static io.spillway.integration.SensorRecord.utf8;

import io.spillway.event.CloudEventHeaders;
import io.spillway.sandbox.cluster.LocalCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Commands for the transaction job, drawn from a seed: payments, refunds, balance queries and
 * analytics of some accounts, of which every tenth is sent a second time, up to a thousand commands
 * later. In topics by priority.
 */
final class Commands {
  private static final int ACCOUNTS = 40;
  private static final int FARTHEST_COPY = 1_000;

  private enum Kind {
    PAYMENT("transaction.payment", "critical", 40),
    REFUND("transaction.refund", "high", 20),
    QUERY("transaction.balance-query", "normal", 20),
    ANALYTICS("transaction.analytics", "bulk", 20);

    private final String type;
    private final String priority;
    private final int percent;

    Kind(String type, String priority, int percent) {
      this.type = type;
      this.priority = priority;
      this.percent = percent;
    }

    static Kind drawnBy(int percentile) {
      int rest = percentile;
      for (Kind kind : values()) {
        rest -= kind.percent;
        if (rest < 0) {
          return kind;
        }
      }
      return ANALYTICS;
    }
  }

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final Set<String> payments = new LinkedHashSet<>();

  /**
   * @param input the topics without their priority
   */
  Commands(String input, int count, long seed) {
    Random random = new Random(seed);
    Map<Integer, List<ProducerRecord<byte[], byte[]>>> copies = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Kind kind = Kind.drawnBy(random.nextInt(100));
      String account = "a-" + random.nextInt(ACCOUNTS);
      String id = kind + "-" + i;
      long amount = 1 + random.nextInt(20_000);
      records.add(record(input, kind, id, account, amount));
      if (kind == Kind.PAYMENT) {
        payments.add(id);
      }
      if (random.nextInt(10) == 0) {
        int place = Math.min(count - 1, i + random.nextInt(FARTHEST_COPY));
        copies
            .computeIfAbsent(place, none -> new ArrayList<>())
            .add(record(input, kind, id, account, amount));
      }
      records.addAll(copies.getOrDefault(i, List.of()));
    }
  }

  /** In the order they are to be sent. */
  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Sends them all, as fast as the broker takes them. */
  void sendTo(LocalCluster cluster) {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            20);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
      records.forEach(producer::send);
      producer.flush();
    }
  }

  /** Ids of all payments. */
  Set<String> payments() {
    return payments;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String input, Kind kind, String id, String account, long amount) {
    Headers headers = new RecordHeaders();
    headers.add(CloudEventHeaders.SPEC_VERSION, utf8("1.0"));
    headers.add(CloudEventHeaders.ID, utf8(id));
    headers.add(CloudEventHeaders.SOURCE, utf8("shop"));
    headers.add(CloudEventHeaders.TYPE, utf8(kind.type));
    headers.add(CloudEventHeaders.TIME, utf8(Instant.now().toString()));
    headers.add(CloudEventHeaders.PRIORITY, utf8(kind.priority));
    boolean moves = kind == Kind.PAYMENT || kind == Kind.REFUND;
    String payload =
        "{\"account\":\"%s\",\"merchant\":\"m-3\",\"amountMinor\":%d,\"currency\":\"EUR\"}"
            .formatted(account, moves ? amount : 0);
    return new ProducerRecord<>(
        input + "." + kind.priority, null, null, utf8(account), utf8(payload), headers);
  }
}
