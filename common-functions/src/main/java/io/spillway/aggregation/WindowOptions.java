package io.spillway.aggregation;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * How long a window is and how long it waits for stragglers.
 *
 * @param size length of a tumbling event-time window; windows start at multiples of it, in UTC
 * @param lateness how long after its end a window still takes events; each one makes it emit its
 *     corrected result again
 */
public record WindowOptions(Duration size, Duration lateness) implements Serializable {
  public static final ConfigOption<Duration> SIZE =
      ConfigOptions.key("window.size")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("Length of a window; windows start at multiples of it, in UTC.");

  public static final ConfigOption<Duration> LATENESS =
      ConfigOptions.key("window.lateness")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "How long after its end a window still takes events and emits its corrected result"
                  + " again. What comes later is a dead letter with the reason late.");

  /** The options a job declares to be able to use {@link #from}. */
  public static final List<ConfigOption<?>> OPTIONS = List.of(SIZE, LATENESS);

  private static final Duration LONGEST = Duration.ofDays(365);

  public WindowOptions {
    if (size.toMillis() < 1 || size.compareTo(LONGEST) > 0) {
      throw new InvalidSettings(
          SIZE.key(), text(size), "write a time between 1ms and 365d, for example 10s");
    }
    if (lateness.isNegative() || lateness.compareTo(LONGEST) > 0) {
      throw new InvalidSettings(
          LATENESS.key(), text(lateness), "write a time between 0s and 365d, for example 5s");
    }
  }

  public static WindowOptions from(Settings settings) {
    return new WindowOptions(settings.get(SIZE), settings.get(LATENESS));
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
