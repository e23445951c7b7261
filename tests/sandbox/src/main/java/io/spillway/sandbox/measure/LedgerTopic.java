package io.spillway.sandbox.measure;

import io.spillway.ledger.LastWord;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A ledger, read from its topic as far as it is committed. */
public final class LedgerTopic {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private LedgerTopic() {}

  /** What the ledger says now. */
  public static LastWord read(String bootstrapServers, String topic) {
    LastWord lastWord = new LastWord();
    try (TopicReader reader = TopicReader.fromBeginning(bootstrapServers, List.of(topic))) {
      Map<TopicPartition, Long> ends = reader.ends();
      long endNanos = System.nanoTime() + LIMIT.toNanos();
      while (!reader.hasReached(ends)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          lastWord.add(
              record.value(),
              "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset()));
        }
        if (System.nanoTime() > endNanos) {
          throw SandboxException.failure(
              "topic %s cannot be read to its end within %d s".formatted(topic, LIMIT.toSeconds()));
        }
      }
    }
    return lastWord;
  }
}
