package io.spillway.jobs.retention;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What the topics of a job keep, and for how long. One thread. */
interface Retentions extends AutoCloseable {
  /** Offsets that a partition has: from {@code start} up to {@code end}, exclusive. */
  record Log(long start, long end) {}

  /** Looks at these partitions anew. May block. */
  void look(Map<TopicPartition, Log> logs) throws Exception;

  /** What is left for an event of a partition that was looked at. */
  Retention.Left left(TopicPartition partition, long offset, long timestampMillis, long nowMillis);

  @Override
  void close();
}
