package io.spillway.sandbox.measure;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads the topics of a run, from their beginning, and keeps its accounts. It stands outside the
 * job under test and believes only what is in Kafka: the input's headers say what was produced, the
 * broker's stamp on a receipt says when the result left the job. Not thread safe: one thread calls
 * {@link #poll} until {@link #isAtEnd}.
 */
public final class Judge implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final MeasuredTopics topics;
  private final TopicReader reader;
  private final Accounts accounts = new Accounts();
  private final CriticalAudit critical = new CriticalAudit();
  private final Histogram generatorLag = Verdict.histogram();
  private final LatencyWindow latencies = new LatencyWindow();

  public Judge(String bootstrapServers, MeasuredTopics topics) {
    this.topics = topics;
    this.reader = TopicReader.fromBeginning(bootstrapServers, topics.all());
  }

  /** Reads what has arrived, for at most about this long; returns the number of records. */
  public int poll(Duration limit) {
    ConsumerRecords<byte[], byte[]> records = reader.poll(limit);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        read(record);
      } catch (IOException | RuntimeException e) {
        throw SandboxException.failure(
            "record %s-%d@%d cannot be judged: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
            e);
      }
    }
    return records.count();
  }

  /** Whether everything that is in the topics now has been read. */
  public boolean isAtEnd() {
    return reader.hasReached(reader.ends());
  }

  /**
   * Reads what is in the topics now, while more may be coming in.
   *
   * @param limit how long to try
   * @return whether all of it has been read
   */
  public boolean catchUp(Duration limit) {
    Map<TopicPartition, Long> ends = reader.ends();
    long endNanos = System.nanoTime() + limit.toNanos();
    while (!reader.hasReached(ends) && System.nanoTime() < endNanos) {
      poll(POLL);
    }
    return reader.hasReached(ends);
  }

  public Accounts accounts() {
    return accounts;
  }

  public CriticalAudit critical() {
    return critical;
  }

  /** How late the generator sent each event, in milliseconds. */
  public Histogram generatorLag() {
    return generatorLag;
  }

  /** Latencies of the results read since the window was last cleared. */
  public LatencyWindow latencies() {
    return latencies;
  }

  @Override
  public void close() {
    reader.close();
  }

  private void read(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.topic().equals(topics.receipts())) {
      receipt(record);
    } else if (record.topic().equals(topics.ledger())) {
      ledger(record);
    } else if (record.topic().equals(topics.deadLetters())) {
      deadLetter(record);
    } else {
      input(record);
    }
  }

  private void input(ConsumerRecord<byte[], byte[]> record) {
    Attributes event = Attributes.of(record);
    generatorLag.recordValue(Math.max(0, record.timestamp() - event.sentMillis()));
    accounts.produced(
        record.topic(), record.partition(), record.offset(), event.priority(), event.sentMillis());
    if (event.priority() == Priority.CRITICAL && event.source() != null) {
      critical.produced(event.sourceText(), event.sequence());
    }
  }

  private void receipt(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.timestampType() != TimestampType.LOG_APPEND_TIME) {
      throw new IOException("the topic needs message.timestamp.type=LogAppendTime");
    }
    Receipt receipt = Receipt.parse(record.value());
    boolean first =
        accounts.delivered(
            receipt.topic(), receipt.partition(), receipt.offset(), record.timestamp());
    if (first) {
      latencies.add(receipt.priority(), record.timestamp() - receipt.sentMillis());
    }
    if (receipt.priority() == Priority.CRITICAL) {
      critical.accounted(receipt.source(), receipt.sequence());
    }
  }

  private void ledger(ConsumerRecord<byte[], byte[]> record) throws IOException {
    LedgerRecord entry = LedgerRecord.parse(record.value());
    for (Map.Entry<Outcome, RoaringBitmap> rejected : entry.rejected().entrySet()) {
      rejected
          .getValue()
          .forEach(
              (int offset) ->
                  accounts.rejected(
                      entry.topic(),
                      entry.partition(),
                      entry.from() + Integer.toUnsignedLong(offset),
                      rejected.getKey()));
    }
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) throws IOException {
    String topic = text(record, "spillway_topic");
    if (!topics.inputs().contains(topic)) {
      // A bad policy: no event.
      return;
    }
    accounts.deadLetter(
        topic,
        Integer.parseInt(text(record, "spillway_partition")),
        Long.parseLong(text(record, "spillway_offset")));
    Attributes attributes = Attributes.of(record);
    if (attributes.source() != null) {
      critical.accounted(attributes.sourceText(), attributes.sequence());
    }
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name)
      throws IOException {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      throw new IOException("header " + name + " is missing");
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
