package io.spillway.jobs.replay;

import io.spillway.admission.Reread;
import io.spillway.event.RawEventDeserializer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
 * Reads splits, one after the other, from their first offset to their last, and gives on what is in
 * their bitmap. An offset that Kafka has gone past without giving its event is gone: deleted by
 * retention or compaction, or with its topic. Called by the fetcher's thread, but for {@link
 * #wakeUp}.
 */
final class ReplaySplitReader implements SplitReader<Fetched, ReplaySplit> {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaySplitReader.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final Queue<ReplaySplit> waiting = new ArrayDeque<>();
  private Reading current;

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
      if (current == null && !waiting.isEmpty()) {
        // It stays in the queue until it is known where it lies: a wake-up may come in between.
        current = begin(waiting.peek());
        waiting.remove();
      }
      if (current != null && current.read(out)) {
        current = null;
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

  private Reading begin(ReplaySplit split) {
    TopicPartition partition = new TopicPartition(split.topic(), split.partition());
    if (!exists(partition)) {
      LOG.warn("{} does not exist any more: its deferred events are gone", partition);
      return new Reading(split, partition, split.next());
    }
    consumer.assign(List.of(partition));
    long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    consumer.seek(partition, Math.max(split.next(), begin));
    return new Reading(split, partition, Math.min(end, split.to() + 1));
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
  private final class Reading {
    private final ReplaySplit split;
    private final TopicPartition partition;
    private final long end;
    private final PeekableIntIterator pending;

    /**
     * @param end where Kafka ends, or the split
     */
    Reading(ReplaySplit split, TopicPartition partition, long end) {
      this.split = split;
      this.partition = partition;
      this.end = end;
      this.pending = split.offsets().getIntIterator();
      pending.advanceIfNeeded((int) (split.next() - split.from()));
    }

    /** Reads on; returns whether that was the last of it. */
    boolean read(RecordsBySplits.Builder<Fetched> out) {
      boolean ended = end <= split.next() || position() >= end;
      if (!ended) {
        poll(out);
        ended = position() >= end;
      }
      if (ended) {
        goneBefore(split.to() + 1, out);
        out.addFinishedSplit(split.splitId());
      }
      return ended;
    }

    private void poll(RecordsBySplits.Builder<Fetched> out) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
          if (record.offset() <= split.to()) {
            goneBefore(record.offset(), out);
            if (pending.hasNext() && offset() == record.offset()) {
              pending.next();
              Reread event = Reread.of(RawEventDeserializer.rawEvent(record));
              out.add(split.splitId(), new Fetched(event, record.offset() + 1));
            }
          }
        }
        goneBefore(position(), out);
      } catch (OffsetOutOfRangeException retentionWasFaster) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(List.of(partition));
        consumer.seek(partition, Math.max(begins.get(partition), position()));
      }
    }

    private long position() {
      return consumer.position(partition);
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
