package io.spillway.jobs.load;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.jobs.InputMode;
import io.spillway.jobs.KafkaOptions;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The settings of the load generator. Small texts and numbers only: what is large (the schedule's
 * pieces, the order of sources) is made from them where it is used, not shipped.
 *
 * @param startAtMillis when the schedule starts, milliseconds since the epoch; 0 = when all
 *     subtasks are ready
 */
public record LoadOptions(
    EventKind events,
    String topic,
    InputMode topicMode,
    String profile,
    String mix,
    int sources,
    double hotShare,
    int noisyFactor,
    double malformedShare,
    double duplicatesShare,
    int eventBytes,
    boolean priorityHeader,
    long seed,
    long startAtMillis,
    int parallelism)
    implements Serializable {

  public static final ConfigOption<EventKind> EVENTS =
      ConfigOptions.key("events")
          .enumType(EventKind.class)
          .defaultValue(EventKind.IOT)
          .withDescription("The job that events are made for: iot, transactions or video.");

  public static final ConfigOption<String> TOPIC =
      ConfigOptions.key("topic")
          .stringType()
          .defaultValue("")
          .withDescription(
              "The topic that events are sent to. Not set: where the job that they are made for"
                  + " reads, for example iot.events.");

  public static final ConfigOption<InputMode> TOPIC_MODE =
      ConfigOptions.key("topic.mode")
          .enumType(InputMode.class)
          .defaultValue(InputMode.MIXED)
          .withDescription("mixed: all events to one topic; per_priority: to <topic>.<priority>.");

  public static final ConfigOption<String> PROFILE =
      ConfigOptions.key(Profile.KEY)
          .stringType()
          .defaultValue("500:10s,5000:30s,500:10s")
          .withDescription(
              "The rate over time, parts separated by commas: RATE:DURATION,"
                  + " spike(base,peak,at,for,total), sine(mean,amplitude,period,total),"
                  + " flash(base,peak,rise,decay,total); rates in events per second.");

  public static final ConfigOption<String> MIX =
      ConfigOptions.key(Mix.KEY)
          .stringType()
          .defaultValue("critical=5,high=15,normal=40,bulk=40")
          .withDescription("Percentage of events of each priority; adds up to 100.");

  public static final ConfigOption<Integer> SOURCES =
      ConfigOptions.key("sources")
          .intType()
          .defaultValue(1000)
          .withDescription(
              "Number of sources, from 1 up: sensors, accounts or players; each has its own"
                  + " ce_sequence.");

  public static final ConfigOption<Double> HOT_SHARE =
      ConfigOptions.key("hot.share")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("Share of all events, 0 to 1, that source 1 sends: a hot key.");

  public static final ConfigOption<Integer> NOISY_FACTOR =
      ConfigOptions.key("noisy.factor")
          .intType()
          .defaultValue(1)
          .withDescription("How many times as many events source 2 sends as another source.");

  public static final ConfigOption<Double> MALFORMED_SHARE =
      ConfigOptions.key("malformed.share")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Share of events, 0 to 1, with a payload that is no JSON, no payload or a bad"
                  + " header; they keep their id and sequence.");

  public static final ConfigOption<Double> DUPLICATES_SHARE =
      ConfigOptions.key("duplicates.share")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Share of events, 0 to 0.9, that are the copy of an event before: the same id, the"
                  + " same sequence, the same payload.");

  public static final ConfigOption<Integer> EVENT_BYTES =
      ConfigOptions.key("event.bytes")
          .intType()
          .defaultValue(200)
          .withDescription("Size of the payload in bytes, headers not counted.");

  public static final ConfigOption<Boolean> PRIORITY_HEADER =
      ConfigOptions.key("priority.header")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether events carry ce_priority; without it rules decide by type.");

  public static final ConfigOption<Long> SEED =
      ConfigOptions.key("seed")
          .longType()
          .defaultValue(1L)
          .withDescription("Same seed and settings, same events, at any parallelism.");

  public static final ConfigOption<Long> START_AT =
      ConfigOptions.key("start.at")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "Start of the profile in milliseconds since the epoch; 0: as soon as the job runs.");

  public static final ConfigOption<Integer> PARALLELISM =
      ConfigOptions.key("parallelism")
          .intType()
          .defaultValue(1)
          .withDescription("Number of sending subtasks; sources are divided among them.");

  public static final List<ConfigOption<?>> OPTIONS =
      List.of(
          KafkaOptions.BOOTSTRAP_SERVERS,
          KafkaOptions.PROPERTIES,
          KafkaOptions.PROPERTIES_FILE,
          EVENTS,
          TOPIC,
          TOPIC_MODE,
          PROFILE,
          MIX,
          SOURCES,
          HOT_SHARE,
          NOISY_FACTOR,
          MALFORMED_SHARE,
          DUPLICATES_SHARE,
          EVENT_BYTES,
          PRIORITY_HEADER,
          SEED,
          START_AT,
          PARALLELISM);

  private static final int MAX_SOURCES = 100_000;
  private static final double MOST_DUPLICATES = 0.9;
  private static final int MAX_EVENT_BYTES = 16 << 20;

  public LoadOptions {
    Profile.parse(profile);
    Mix.parse(mix, seed);
    if (topic.isBlank()) {
      throw new InvalidSettings(TOPIC.key(), topic, "write the name of a topic");
    }
    within(SOURCES, sources, 1, MAX_SOURCES);
    within(HOT_SHARE, hotShare, 0, 1);
    within(NOISY_FACTOR, noisyFactor, 1, MAX_SOURCES);
    within(MALFORMED_SHARE, malformedShare, 0, 1);
    within(DUPLICATES_SHARE, duplicatesShare, 0, MOST_DUPLICATES);
    within(EVENT_BYTES, eventBytes, Payload.MIN_BYTES, MAX_EVENT_BYTES);
    within(START_AT, startAtMillis, 0, Long.MAX_VALUE);
    within(PARALLELISM, parallelism, 1, sources);
    if (sources < 2 && hotShare > 0) {
      throw new InvalidSettings(
          HOT_SHARE.key(), hotShare, "one source has all events; write sources=2 or more, or 0");
    }
    if (sources < 2 && noisyFactor > 1) {
      throw new InvalidSettings(
          NOISY_FACTOR.key(), noisyFactor, "nobody to compare with; write sources=2 or more, or 1");
    }
  }

  /**
   * The options that these settings spell.
   *
   * @throws InvalidSettings for the first value that cannot be used
   */
  public static LoadOptions from(Settings settings) {
    EventKind events = settings.get(EVENTS);
    return new LoadOptions(
        events,
        settings.find(TOPIC).orElse(events.topic()),
        settings.get(TOPIC_MODE),
        settings.get(PROFILE),
        settings.get(MIX),
        settings.get(SOURCES),
        settings.get(HOT_SHARE),
        settings.get(NOISY_FACTOR),
        settings.get(MALFORMED_SHARE),
        settings.get(DUPLICATES_SHARE),
        settings.get(EVENT_BYTES),
        settings.get(PRIORITY_HEADER),
        settings.get(SEED),
        settings.get(START_AT),
        settings.get(PARALLELISM));
  }

  /** The topics that events are sent to. */
  public List<String> topics() {
    return topicMode.topics(topic);
  }

  /** When each event is due. */
  public Schedule schedule() {
    return Profile.parse(profile);
  }

  private static void within(ConfigOption<?> option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InvalidSettings(
          option.key(),
          number(value),
          "write a number from %s to %s".formatted(number(least), number(most)));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
  }
}
