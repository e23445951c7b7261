package io.spillway.aggregation;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.event.TimeSpans;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * How windows lie in time, how long they wait for stragglers, and how much is summed up before the
 * shuffle.
 *
 * @param size length of a tumbling or sliding window
 * @param slide distance of sliding windows; windows start at multiples of it, in UTC
 * @param gap time without an event that ends a session
 * @param lateness how long after its end a window still takes events; each one makes it emit its
 *     corrected result again
 * @param maxPartials partial results one subtask holds before it sends all of them on
 * @param maxPartialAge how long one is held at most
 */
public record WindowOptions(
    WindowKind kind,
    Duration size,
    Duration slide,
    Duration gap,
    Duration lateness,
    int maxPartials,
    Duration maxPartialAge)
    implements Serializable {
  public static final ConfigOption<WindowKind> KIND =
      ConfigOptions.key("window.kind")
          .enumType(WindowKind.class)
          .defaultValue(WindowKind.TUMBLING)
          .withDescription(
              "tumbling: one window after the other. sliding: overlapping windows. session: from"
                  + " the first event of a key to a gap without any.");

  public static final ConfigOption<Duration> SIZE =
      ConfigOptions.key("window.size")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Length of a tumbling or sliding window; tumbling windows start at multiples of it,"
                  + " in UTC.");

  public static final ConfigOption<Duration> SLIDE =
      ConfigOptions.key("window.slide")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "Sliding windows start at multiples of this, in UTC; window.size must be a multiple"
                  + " of it.");

  public static final ConfigOption<Duration> GAP =
      ConfigOptions.key("window.gap")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("A session ends after this long without an event of its key.");

  public static final ConfigOption<Duration> LATENESS =
      ConfigOptions.key("window.lateness")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "How long after its end a window still takes events and emits its corrected result"
                  + " again. What comes later is a dead letter with the reason late.");

  public static final ConfigOption<Integer> MAX_PARTIALS =
      ConfigOptions.key("window.partials.max")
          .intType()
          .defaultValue(5_000)
          .withDescription(
              "Partial results of windows that one subtask holds before the shuffle, and counts of"
                  + " events not admitted that one subtask holds at admission; when there are more,"
                  + " all are sent on.");

  public static final ConfigOption<Duration> MAX_PARTIAL_AGE =
      ConfigOptions.key("window.partials.max-age")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription("How long a partial result is held before the shuffle at most.");

  /** The options a job declares to be able to use {@link #from}. */
  public static final List<ConfigOption<?>> OPTIONS =
      List.of(KIND, SIZE, SLIDE, GAP, LATENESS, MAX_PARTIALS, MAX_PARTIAL_AGE);

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int MOST_PARTIALS = 1_000_000;

  public WindowOptions {
    requireLength(SIZE, size);
    requireLength(SLIDE, slide);
    requireLength(GAP, gap);
    requireLength(MAX_PARTIAL_AGE, maxPartialAge);
    if (kind == WindowKind.SLIDING && size.toMillis() % slide.toMillis() != 0) {
      throw new InvalidSettings(
          SLIDE.key(),
          text(slide),
          "write a time that window.size (%s) is a multiple of".formatted(text(size)));
    }
    if (lateness.isNegative() || lateness.compareTo(LONGEST) > 0) {
      throw new InvalidSettings(
          LATENESS.key(), text(lateness), "write a time between 0s and 365d, for example 5s");
    }
    if (maxPartials < 1 || maxPartials > MOST_PARTIALS) {
      throw new InvalidSettings(
          MAX_PARTIALS.key(), maxPartials, "write a number from 1 to " + MOST_PARTIALS);
    }
  }

  public static WindowOptions from(Settings settings) {
    return new WindowOptions(
        settings.get(KIND),
        settings.get(SIZE),
        settings.get(SLIDE),
        settings.get(GAP),
        settings.get(LATENESS),
        settings.get(MAX_PARTIALS),
        settings.get(MAX_PARTIAL_AGE));
  }

  /**
   * The spans of time that these windows are made of; every event of a span is in the same ones.
   */
  public TimeSpans spans() {
    return switch (kind) {
      case TUMBLING -> new TimeSpans(size.toMillis(), false);
      case SLIDING -> new TimeSpans(slide.toMillis(), false);
      case SESSION -> new TimeSpans(gap.toMillis(), true);
    };
  }

  /** How long after the start of its span the last window of an event ends. */
  long reachMillis() {
    return kind == WindowKind.SESSION ? gap.toMillis() : size.toMillis();
  }

  private static void requireLength(ConfigOption<Duration> option, Duration length) {
    if (length.toMillis() < 1 || length.compareTo(LONGEST) > 0) {
      throw new InvalidSettings(
          option.key(), text(length), "write a time between 1ms and 365d, for example 10s");
    }
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
