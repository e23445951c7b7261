package io.spillway.jobs.replay;

import io.spillway.admission.Reread;
import io.spillway.event.RawEventDeserializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads splits from their first offset to their last, and gives on what is in their bitmap. Splits
 * of different partitions are read at once, so that Kafka is not waited for between two of them;
 * those of one partition one after the other. An offset that Kafka has gone past without giving its
 * event is gone: deleted by retention or compaction, or with its topic. Called by the fetcher's
 * thread, but for {@link #wakeUp}.
 */
final class ReplaySplitReader implements SplitReader<Fetched, ReplaySplit> {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaySplitReader.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final List<ReplaySplit> waiting = new ArrayList<>();
  private final Map<TopicPartition, Reading> readings = new HashMap<>();

  /**
   * @param consumer of committed records, without a group, that does not reset offsets by itself
   */
  ReplaySplitReader(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  @Override
  public RecordsWithSplitIds<Fetched> fetch() {
    RecordsBySplits.Builder<Fetched> out = new RecordsBySplits.Builder<>();
    try {
      begin();
      finish(out);
      if (!readings.isEmpty()) {
        poll(out);
        finish(out);
      }
    } catch (WakeupException asked) {
      LOG.debug("woken up");
    }
    return out.build();
  }

  @Override
  public void handleSplitsChanges(SplitsChange<ReplaySplit> change) {
    waiting.addAll(change.splits());
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** Begins with what waits, but for partitions that are being read. */
  private void begin() {
    for (Iterator<ReplaySplit> splits = waiting.iterator(); splits.hasNext(); ) {
      ReplaySplit split = splits.next();
      TopicPartition partition = new TopicPartition(split.topic(), split.partition());
      if (!readings.containsKey(partition)) {
        // It waits until it is known where it lies: a wake-up may come in between.
        begin(split, partition);
        splits.remove();
      }
    }
  }

  private void begin(ReplaySplit split, TopicPartition partition) {
    if (!exists(partition)) {
      LOG.warn("{} does not exist any more: its deferred events are gone", partition);
      readings.put(partition, new Reading(split, split.next(), split.next()));
      return;
    }
    long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long from = Math.max(split.next(), begin);
    Reading reading = new Reading(split, from, Math.min(end, split.to() + 1));
    readings.put(partition, reading);
    if (!reading.hasEnded()) {
      assign();
      consumer.seek(partition, from);
    }
  }

  /** What is assigned stays where it is. */
  private void assign() {
    consumer.assign(
        readings.keySet().stream()
            .filter(partition -> !readings.get(partition).hasEnded())
            .toList());
  }

  private void poll(RecordsBySplits.Builder<Fetched> out) {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      readings.forEach(
          (partition, reading) ->
              reading.take(records.records(partition), consumer.position(partition), out));
    } catch (OffsetOutOfRangeException retentionWasFaster) {
      Set<TopicPartition> partitions = retentionWasFaster.partitions();
      consumer
          .beginningOffsets(partitions)
          .forEach(
              (partition, begin) ->
                  consumer.seek(partition, Math.max(begin, consumer.position(partition))));
    }
  }

  private void finish(RecordsBySplits.Builder<Fetched> out) {
    boolean any = false;
    for (Iterator<Reading> each = readings.values().iterator(); each.hasNext(); ) {
      Reading reading = each.next();
      if (reading.hasEnded()) {
        reading.finish(out);
        each.remove();
        any = true;
      }
    }
    if (any) {
      assign();
    }
  }

  private boolean exists(TopicPartition partition) {
    try {
      List<PartitionInfo> known = consumer.partitionsFor(partition.topic());
      return known != null
          && known.stream().anyMatch(info -> info.partition() == partition.partition());
    } catch (UnknownTopicOrPartitionException deleted) {
      return false;
    }
  }

  /** A split on its way. */
  private static final class Reading {
    private final ReplaySplit split;
    private final long end;
    private final PeekableIntIterator pending;
    private long position;

    /**
     * @param position what is read next
     * @param end where Kafka ends, or the split
     */
    Reading(ReplaySplit split, long position, long end) {
      this.split = split;
      this.position = position;
      this.end = end;
      this.pending = split.offsets().getIntIterator();
      pending.advanceIfNeeded((int) (split.next() - split.from()));
    }

    boolean hasEnded() {
      return position >= end;
    }

    void take(
        List<ConsumerRecord<byte[], byte[]>> records,
        long newPosition,
        RecordsBySplits.Builder<Fetched> out) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() <= split.to()) {
          goneBefore(record.offset(), out);
          if (pending.hasNext() && offset() == record.offset()) {
            pending.next();
            Reread event = Reread.of(RawEventDeserializer.rawEvent(record));
            out.add(split.splitId(), new Fetched(event, record.offset() + 1));
          }
        }
      }
      position = newPosition;
      goneBefore(position, out);
    }

    void finish(RecordsBySplits.Builder<Fetched> out) {
      goneBefore(split.to() + 1, out);
      out.addFinishedSplit(split.splitId());
    }

    private long offset() {
      return split.from() + Integer.toUnsignedLong(pending.peekNext());
    }

    private void goneBefore(long limit, RecordsBySplits.Builder<Fetched> out) {
      if (!pending.hasNext() || offset() >= limit) {
        return;
      }
      long first = offset();
      RoaringBitmap gone = new RoaringBitmap();
      while (pending.hasNext() && offset() < limit) {
        gone.add((int) (offset() - first));
        pending.next();
      }
      out.add(
          split.splitId(),
          new Fetched(
              Reread.gone(split.topic(), split.partition(), first, gone),
              Math.min(limit, split.to() + 1)));
    }
  }
}
