package io.spillway.jobs.retention;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * When Kafka may delete an event, by what its topic says. Kafka deletes whole segments, so in truth
 * the event stays a little longer; what is told here is when it may be gone. Pure.
 *
 * @param millis how long after its timestamp an event may be deleted; negative for never
 * @param bytes how many bytes a partition may have before its oldest events are deleted; negative
 *     for any number
 */
record Retention(long millis, long bytes) {
  /** Nothing is deleted. */
  static final Retention UNLIMITED = new Retention(-1, -1);

  /** What is left of it for an event: seconds, and the share of the whole, 0 to 1. */
  record Left(double seconds, double share) {
    static final Left UNLIMITED = new Left(Double.POSITIVE_INFINITY, 1);

    /** Whichever is less. */
    Left min(Left other) {
      return new Left(Math.min(seconds, other.seconds), Math.min(share, other.share));
    }
  }

  /** By the settings of a topic; one that is only compacted deletes by key and not by age. */
  static Retention of(Map<String, String> topicConfig) {
    if (!topicConfig.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "delete").contains("delete")) {
      return UNLIMITED;
    }
    return new Retention(
        Long.parseLong(topicConfig.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1")),
        Long.parseLong(topicConfig.getOrDefault(TopicConfig.RETENTION_BYTES_CONFIG, "-1")));
  }

  boolean bySize() {
    return bytes >= 0;
  }

  /** What is left for an event with this timestamp. */
  Left byAge(long timestampMillis, long nowMillis) {
    if (millis < 0) {
      return Left.UNLIMITED;
    }
    double leftMillis = Math.max(0, (double) timestampMillis + millis - nowMillis);
    return new Left(leftMillis / 1000, millis == 0 ? 0 : Math.min(1, leftMillis / millis));
  }

  /**
   * What is left for an event after which there are as many bytes as this in its partition.
   *
   * @param bytesPerSecond by which the partition grows
   */
  Left bySize(double bytesBehind, double bytesPerSecond) {
    if (bytes < 0) {
      return Left.UNLIMITED;
    }
    double left = Math.max(0, bytes - bytesBehind);
    double share = bytes == 0 ? 0 : Math.min(1, left / bytes);
    if (left == 0) {
      return new Left(0, 0);
    }
    return new Left(bytesPerSecond > 0 ? left / bytesPerSecond : Double.POSITIVE_INFINITY, share);
  }
}
