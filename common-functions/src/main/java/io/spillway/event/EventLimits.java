package io.spillway.event;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/**
 * What an event may be before it counts as unusable. Both limits protect every other event of the
 * job: one time far in the future would close all windows, one huge value would fill the buffers.
 *
 * @param maxAhead how far {@code ce_time} may be ahead of the Kafka timestamp
 * @param maxBytes largest value, in bytes
 */
public record EventLimits(Duration maxAhead, long maxBytes) implements Serializable {
  public static final ConfigOption<Duration> MAX_AHEAD =
      ConfigOptions.key("event.max-ahead")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "How far ce_time may be ahead of the Kafka timestamp; an event further ahead is a"
                  + " dead letter and does not move the watermark.");

  public static final ConfigOption<MemorySize> MAX_BYTES =
      ConfigOptions.key("event.max-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(1))
          .withDescription("Largest value the job processes; a larger one is a dead letter.");

  public static final List<ConfigOption<?>> OPTIONS = List.of(MAX_AHEAD, MAX_BYTES);

  private static final Duration LONGEST_AHEAD = Duration.ofDays(366_000);

  public EventLimits {
    if (maxAhead.isNegative() || maxAhead.compareTo(LONGEST_AHEAD) > 0) {
      throw new InvalidSettings(
          MAX_AHEAD.key(), maxAhead, "write a duration from 0s to 366000d, such as 1min");
    }
    if (maxBytes < 1) {
      throw new InvalidSettings(MAX_BYTES.key(), maxBytes, "write a size of at least 1b");
    }
  }

  /** The limits when nothing is set. */
  public static EventLimits defaults() {
    return new EventLimits(MAX_AHEAD.defaultValue(), MAX_BYTES.defaultValue().getBytes());
  }

  /**
   * @throws InvalidSettings if a value is outside its range
   */
  public static EventLimits from(Settings settings) {
    return new EventLimits(settings.get(MAX_AHEAD), settings.get(MAX_BYTES).getBytes());
  }

  /** Whether an event time is too far ahead of this Kafka timestamp (negative: unknown). */
  boolean isTooFarAhead(long eventTimeMillis, long timestampMillis) {
    return timestampMillis >= 0
        && eventTimeMillis > timestampMillis
        && eventTimeMillis - timestampMillis > maxAhead.toMillis();
  }
}
