package io.spillway.jobs.retention;

import io.spillway.jobs.retention.Retentions.Log;
import io.spillway.ledger.DeferredBacklog;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.LedgerRecord;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Settlement;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.util.clock.Clock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the deferred events of a job from Kafka alone. The ledger is followed from its oldest
 * record on, each record read once; of the input only the first event is read that waits in each
 * partition, for its timestamp. Events of a topic that was deleted, or of a partition that it no
 * longer has, are gone. A ledger that was made anew is read anew; a record of it that cannot be
 * read is passed over, as a replay does.
 *
 * <p>Reads for some seconds at a stretch, so a long ledger takes several calls. Memory: see {@link
 * DeferredBacklog}. One thread, but for {@link #interrupt}.
 */
final class KafkaBacklog implements DeferredWatch.Measuring {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaBacklog.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STRETCH = Duration.ofSeconds(5);

  /** An event and its place. */
  private record First(long offset, long timestampMillis) {}

  private final String ledgerTopic;
  private final Set<String> inputs;
  private final Consumer<byte[], byte[]> ledger;
  private final Consumer<byte[], byte[]> input;
  private final Retentions retentions;
  private final Clock clock;
  private final Map<TopicPartition, First> firsts = new HashMap<>();
  private DeferredBacklog backlog = new DeferredBacklog();
  private boolean retentionIsUnknown;

  /**
   * @param inputs topics of the job; the ledger may know more
   * @param ledger a consumer of committed records without a group
   * @param input another one
   */
  KafkaBacklog(
      String ledgerTopic,
      Set<String> inputs,
      Consumer<byte[], byte[]> ledger,
      Consumer<byte[], byte[]> input,
      Retentions retentions,
      Clock clock) {
    this.ledgerTopic = ledgerTopic;
    this.inputs = Set.copyOf(inputs);
    this.ledger = ledger;
    this.input = input;
    this.retentions = retentions;
    this.clock = clock;
  }

  @Override
  public Optional<DeferredState> measure() throws IOException {
    return readLedger() ? Optional.of(state()) : Optional.empty();
  }

  /** Reads on; returns whether that was all there is. */
  private boolean readLedger() throws IOException {
    Set<TopicPartition> partitions = partitions(ledger, ledgerTopic);
    if (partitions.isEmpty()) {
      throw new IOException("there is no topic " + ledgerTopic);
    }
    Map<TopicPartition, Long> ends = ledger.endOffsets(partitions);
    if (!ledger.assignment().equals(partitions) || isMadeAnew(ends)) {
      backlog = new DeferredBacklog();
      ledger.assign(partitions);
      ledger.seekToBeginning(partitions);
    }
    long startNanos = clock.relativeTimeNanos();
    while (!hasReached(ends)) {
      if (clock.relativeTimeNanos() - startNanos > STRETCH.toNanos()) {
        return false;
      }
      ledger.poll(POLL).forEach(this::add);
    }
    return true;
  }

  private boolean isMadeAnew(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().anyMatch(e -> ledger.position(e.getKey()) > e.getValue());
  }

  private boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> ledger.position(e.getKey()) >= e.getValue());
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    try {
      LedgerRecord said = LedgerJson.readAny(record.value());
      boolean isOurs =
          said instanceof LedgerEntry entry && inputs.contains(entry.topic())
              || said instanceof Settlement settlement && inputs.contains(settlement.topic());
      if (isOurs) {
        backlog.add(said);
      }
    } catch (IOException e) {
      LOG.debug("{} offset {} is passed over: {}", ledgerTopic, record.offset(), e.getMessage());
    }
  }

  /** Of what waits: how much of it is there, since when, and for how long still. */
  private DeferredState state() {
    Map<TopicPartition, OffsetSet> open = new HashMap<>();
    long gone = 0;
    for (InputPartition partition : backlog.partitions()) {
      gone += backlog.gone(partition);
      OffsetSet offsets = backlog.open(partition);
      if (!offsets.isEmpty()) {
        open.put(new TopicPartition(partition.topic(), partition.partition()), offsets);
      }
    }
    Map<TopicPartition, Log> logs = logs(open.keySet());
    Map<TopicPartition, Long> next = new HashMap<>();
    long waiting = 0;
    for (Map.Entry<TopicPartition, OffsetSet> entry : open.entrySet()) {
      TopicPartition partition = entry.getKey();
      OffsetSet offsets = entry.getValue();
      Log log = logs.getOrDefault(partition, new Log(0, 0));
      long before = offsets.sizeBelow(log.start());
      long there = offsets.sizeBelow(log.end()) - before;
      waiting += there;
      gone += offsets.size() - there;
      backlog.logStartsAt(
          new InputPartition(partition.topic(), partition.partition()), log.start());
      if (there > 0) {
        next.put(partition, offsets.firstFrom(log.start()));
      }
    }
    readFirsts(next);
    return waitingFor(waiting, gone, logs);
  }

  private DeferredState waitingFor(long waiting, long gone, Map<TopicPartition, Log> logs) {
    long now = clock.absoluteTimeMillis();
    double oldestSeconds =
        firsts.values().stream()
            .mapToDouble(first -> Math.max(0, now - first.timestampMillis()) / 1000.0)
            .max()
            .orElse(Double.NaN);
    Retention.Left least = Retention.Left.UNLIMITED;
    if (!firsts.isEmpty() && look(logs)) {
      for (Map.Entry<TopicPartition, First> first : firsts.entrySet()) {
        First event = first.getValue();
        least =
            least.min(
                retentions.left(first.getKey(), event.offset(), event.timestampMillis(), now));
      }
    }
    boolean isLimited = !least.equals(Retention.Left.UNLIMITED);
    return new DeferredState(
        waiting,
        oldestSeconds,
        isLimited ? least.seconds() : Double.NaN,
        isLimited ? least.share() : Double.NaN,
        gone);
  }

  /** Whether the retention could be looked at; how much waits is known without it. */
  private boolean look(Map<TopicPartition, Log> logs) {
    try {
      retentions.look(logs);
      retentionIsUnknown = false;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      if (!retentionIsUnknown) {
        LOG.warn("the retention of {} cannot be looked at: {}", inputs, e.getMessage());
      }
      retentionIsUnknown = true;
      return false;
    }
  }

  /** Reads the first event that waits in each partition, unless it is known. */
  private void readFirsts(Map<TopicPartition, Long> wanted) {
    firsts
        .entrySet()
        .removeIf(
            known -> !Long.valueOf(known.getValue().offset).equals(wanted.get(known.getKey())));
    Map<TopicPartition, Long> unknown = new HashMap<>(wanted);
    unknown.keySet().removeAll(firsts.keySet());
    input.assign(unknown.keySet());
    input.resume(unknown.keySet());
    unknown.forEach(input::seek);
    long startNanos = clock.relativeTimeNanos();
    while (!unknown.isEmpty() && clock.relativeTimeNanos() - startNanos < STRETCH.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : input.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Long offset = unknown.remove(partition);
        if (offset != null) {
          firsts.put(partition, new First(offset, record.timestamp()));
          input.pause(List.of(partition));
        }
      }
    }
  }

  /** Where the logs of these partitions begin and end; not in it: a partition there is not. */
  private Map<TopicPartition, Log> logs(Set<TopicPartition> wanted) {
    Set<TopicPartition> existing = new HashSet<>();
    for (String topic : inputs) {
      if (wanted.stream().anyMatch(partition -> partition.topic().equals(topic))) {
        existing.addAll(partitions(input, topic));
      }
    }
    existing.retainAll(wanted);
    Map<TopicPartition, Long> starts = input.beginningOffsets(existing);
    Map<TopicPartition, Long> ends = input.endOffsets(existing);
    Map<TopicPartition, Log> logs = new HashMap<>();
    existing.forEach(p -> logs.put(p, new Log(starts.get(p), ends.get(p))));
    return logs;
  }

  private static Set<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
    Set<TopicPartition> partitions = new HashSet<>();
    try {
      var known = consumer.partitionsFor(topic);
      if (known != null) {
        known.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      }
    } catch (UnknownTopicOrPartitionException deleted) {
      LOG.debug("there is no topic {}", topic);
    }
    return partitions;
  }

  @Override
  public void interrupt() {
    ledger.wakeup();
    input.wakeup();
  }

  @Override
  public void close() {
    ledger.close();
    input.close();
    retentions.close();
  }
}
