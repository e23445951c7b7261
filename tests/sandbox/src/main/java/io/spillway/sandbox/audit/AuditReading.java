package io.spillway.sandbox.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.event.DeadLetterRecordSerializer;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.LedgerJson;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.Attributes;
import io.spillway.sandbox.measure.Receipt;
import io.spillway.sandbox.measure.TopicReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads the topics of a job for an {@link Audit}, each of them once, while the job may go on: first
 * what the job has committed, then its outputs to their ends, then the input to ends that are newer
 * than those. Not thread safe.
 */
public final class AuditReading {
  /** An unaligned checkpoint commits events that are still on their way to the outputs. */
  private static final Duration ON_THEIR_WAY = Duration.ofSeconds(3);

  /** How far the clocks of producers and brokers may be apart. */
  private static final Duration CLOCKS = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String bootstrapServers;
  private final AuditTopics topics;
  private final Audit audit;

  /**
   * @param rule what holds for these topics
   */
  public AuditReading(String bootstrapServers, AuditTopics topics, AuditRule rule) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.audit = new Audit(rule, new HashSet<>(topics.inputs()));
  }

  /**
   * Reads everything there is now.
   *
   * @param sinceMillis only events with this Kafka timestamp or a later one; empty: all
   * @param toTheEnd whether to take it that the job is through with everything, whatever it has
   *     committed
   */
  public Findings read(Topics broker, OptionalLong sinceMillis, boolean toTheEnd) {
    Map<TopicPartition, Long> committed = toTheEnd ? Map.of() : committed(broker);
    long settledNanos = System.nanoTime() + (toTheEnd ? 0 : ON_THEIR_WAY.toNanos());
    try (TopicReader outputs = TopicReader.fromBeginning(bootstrapServers, topics.outputs())) {
      sinceMillis.ifPresent(millis -> outputs.goTo(millis - CLOCKS.toMillis()));
      do {
        readTo(outputs.ends(), outputs, this::output);
      } while (System.nanoTime() - settledNanos < 0);
    }
    try (TopicReader input = TopicReader.fromBeginning(bootstrapServers, topics.inputs())) {
      sinceMillis.ifPresent(input::goTo);
      Map<TopicPartition, Long> ends = input.ends();
      audit.judge(ranges(input, toTheEnd ? ends : committed, ends));
      readTo(ends, input, this::event);
    }
    return audit.findings();
  }

  /** The least that any group of the job has committed. */
  private Map<TopicPartition, Long> committed(Topics broker) {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (String group : topics.groups()) {
      broker.committed(group).forEach((p, offset) -> committed.merge(p, offset, Math::min));
    }
    return committed;
  }

  private static Map<InputPartition, InputRange> ranges(
      TopicReader input, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> starts = input.starts();
    Map<InputPartition, InputRange> ranges = new HashMap<>();
    input
        .positions()
        .forEach(
            (partition, from) -> {
              Long next = committed.get(partition);
              ranges.put(
                  new InputPartition(partition.topic(), partition.partition()),
                  new InputRange(
                      starts.get(partition),
                      from,
                      next == null ? OptionalLong.empty() : OptionalLong.of(next),
                      ends.get(partition)));
            });
    return ranges;
  }

  private static void readTo(
      Map<TopicPartition, Long> ends,
      TopicReader reader,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long lastNanos = System.nanoTime();
    do {
      ConsumerRecords<byte[], byte[]> records = reader.poll(POLL);
      records.forEach(each);
      long now = System.nanoTime();
      if (records.isEmpty() && now - lastNanos > PATIENCE.toNanos()) {
        throw SandboxException.failure(
            "nothing more came from Kafka for %d s: what is there cannot be read to its end"
                .formatted(PATIENCE.toSeconds()));
      }
      lastNanos = records.isEmpty() ? lastNanos : now;
    } while (!reader.hasReached(ends));
  }

  private void event(ConsumerRecord<byte[], byte[]> record) {
    Attributes attributes = Attributes.of(record);
    audit.event(
        new Audit.Event(
            new InputPartition(record.topic(), record.partition()),
            record.offset(),
            attributes.priority(),
            Attributes.text(attributes.source()),
            attributes.sequence(),
            Attributes.text(attributes.id())));
  }

  private void output(ConsumerRecord<byte[], byte[]> record) {
    String place = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    try {
      if (record.value() == null && !record.topic().equals(topics.deadLetters())) {
        throw new IOException("a record without a value");
      }
      if (record.topic().equals(topics.receipts())) {
        Receipt receipt = Receipt.parse(record.value());
        audit.receipt(new InputPartition(receipt.topic(), receipt.partition()), receipt.offset());
      } else if (record.topic().equals(topics.ledger())) {
        if (!audit.ledger(LedgerJson.readAny(record.value()))) {
          throw new IOException("its offsets do not fit its range or its counts");
        }
      } else if (record.topic().equals(topics.deadLetters())) {
        deadLetter(record);
      } else if (record.topic().equals(topics.aggregates())) {
        audit.window(JSON.readTree(record.value()).path("kept").asLong());
      } else {
        JsonNode alert = JSON.readTree(record.value());
        audit.alert(alert.path("source").asText(), alert.path("id").asText());
      }
    } catch (IOException | IllegalArgumentException e) {
      audit.unreadable(place, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) throws IOException {
    String word = text(record, DeadLetterRecordSerializer.REASON);
    Optional<Reason> reason =
        Arrays.stream(Reason.values()).filter(r -> r.wireName().equals(word)).findFirst();
    audit.deadLetter(
        new InputPartition(
            text(record, DeadLetterRecordSerializer.TOPIC),
            Integer.parseInt(text(record, DeadLetterRecordSerializer.PARTITION))),
        Long.parseLong(text(record, DeadLetterRecordSerializer.OFFSET)),
        reason.orElseThrow(() -> new IOException("unknown reason '" + word + "'")));
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name)
      throws IOException {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      throw new IOException("header " + name + " is missing");
    }
    return Attributes.text(header.value());
  }
}
