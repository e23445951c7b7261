package io.spillway.sandbox.measure;

import io.spillway.ledger.LastWord;
import java.time.Duration;

/** A ledger, read from its topic as far as it is committed. */
public final class LedgerTopic {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private LedgerTopic() {}

  /** What the ledger says now. */
  public static LastWord read(String bootstrapServers, String topic) {
    LastWord lastWord = new LastWord();
    TopicReader.readAll(
        bootstrapServers,
        topic,
        LIMIT,
        record ->
            lastWord.add(
                record.value(),
                "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset())));
    return lastWord;
  }
}
