package io.spillway.admission;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * How a job admits events. Immutable; the constructor refuses what cannot work.
 *
 * @param enabled false admits everything: plain Flink
 * @param lanes layout of the lanes
 * @param express priorities that take the express lane
 * @param neverShed priorities that are blocked on, never turned away; a subset of {@code express}
 *     unless there is a single lane
 * @param floors share of the capacity that a priority keeps under any overload, 0..1, sum at most 1
 * @param ceilings fill of its lane, 0..1, above which an event of this priority does not enter
 * @param fillSetpoint fill of the lane that the controller holds under overload, below all ceilings
 * @param delayTarget waiting time in Kafka above which the controller makes room
 * @param tick how often the controller looks
 * @param seed seed of the hash that picks the events to keep
 */
public record AdmissionOptions(
    boolean enabled,
    LaneMode lanes,
    Set<Priority> express,
    Set<Priority> neverShed,
    Map<Priority, Double> floors,
    Map<Priority, Double> ceilings,
    double fillSetpoint,
    Duration delayTarget,
    Duration tick,
    long seed)
    implements Serializable {

  private static final ConfigOption<Boolean> ENABLED =
      ConfigOptions.key("admission.enabled")
          .booleanType()
          .defaultValue(true)
          .withDescription("Turn events away under overload. false: plain Flink.");
  private static final ConfigOption<LaneMode> LANES =
      ConfigOptions.key("lanes")
          .enumType(LaneMode.class)
          .defaultValue(LaneMode.MERGED)
          .withDescription(
              "merged: two lanes, one expensive stage. isolated: a source and slots for each lane."
                  + " single: one lane, plain Flink.");
  private static final ConfigOption<String> EXPRESS =
      priorities("lanes.express", "Priorities on the express lane, separated by commas.");
  private static final ConfigOption<String> NEVER_SHED =
      priorities(
          "admission.never-shed",
          "Priorities that are never turned away: overload becomes backpressure for them.");
  private static final Map<Priority, ConfigOption<Double>> FLOORS =
      perPriority(
          "admission.floor.",
          Map.of(Priority.HIGH, 0.0, Priority.NORMAL, 0.0, Priority.BULK, 0.01),
          "Share of the capacity this priority keeps under any overload, 0 to 1.");
  private static final Map<Priority, ConfigOption<Double>> CEILINGS =
      perPriority(
          "admission.ceiling.",
          Map.of(Priority.HIGH, 0.8, Priority.NORMAL, 0.65, Priority.BULK, 0.5),
          "Fill of its lane, 0 to 1, above which an event of this priority does not enter.");
  private static final ConfigOption<Double> FILL_SETPOINT =
      ConfigOptions.key("admission.fill-setpoint")
          .doubleType()
          .defaultValue(0.25)
          .withDescription("Fill of the lane that the controller holds under overload, 0 to 1.");
  private static final ConfigOption<Duration> DELAY_TARGET =
      ConfigOptions.key("admission.delay-target")
          .durationType()
          .defaultValue(Duration.ofMillis(500))
          .withDescription("Waiting time in Kafka above which the controller makes room.");
  private static final ConfigOption<Duration> TICK =
      ConfigOptions.key("admission.tick")
          .durationType()
          .defaultValue(Duration.ofMillis(20))
          .withDescription("How often the controller looks, 5ms to 1s.");
  private static final ConfigOption<Long> SEED =
      ConfigOptions.key("admission.seed")
          .longType()
          .defaultValue(0L)
          .withDescription(
              "Seed of the hash that picks the events to keep. Jobs in a row need different ones.");

  /** Every option of admission, for the job's {@link Settings}. */
  public static final List<ConfigOption<?>> OPTIONS =
      Stream.of(
              Stream.of(ENABLED, LANES, EXPRESS, NEVER_SHED),
              FLOORS.values().stream(),
              CEILINGS.values().stream(),
              Stream.of(FILL_SETPOINT, DELAY_TARGET, TICK, SEED))
          .<ConfigOption<?>>flatMap(options -> options)
          .toList();

  public AdmissionOptions {
    express = Set.copyOf(express);
    neverShed = Set.copyOf(neverShed);
    floors = Map.copyOf(floors);
    ceilings = Map.copyOf(ceilings);
    floors.forEach((priority, floor) -> requireShare(FLOORS, priority, floor));
    ceilings.forEach((priority, ceiling) -> requireShare(CEILINGS, priority, ceiling));
    double sum = floors.values().stream().mapToDouble(Double::doubleValue).sum();
    if (sum > 1.0) {
      throw new InvalidSettings(
          "admission.floor.*", sum, "the floors add up to more than 1; lower one of them");
    }
    if (lanes != LaneMode.SINGLE && !express.containsAll(neverShed)) {
      throw new InvalidSettings(
          NEVER_SHED.key(),
          words(neverShed),
          "a priority that is never shed would block the bulk lane; add it to " + EXPRESS.key());
    }
    double lowest = ceilings.values().stream().mapToDouble(c -> c).min().orElse(1.0);
    if (!(fillSetpoint > 0 && fillSetpoint < lowest)) {
      throw new InvalidSettings(
          FILL_SETPOINT.key(),
          fillSetpoint,
          "write a number above 0 and below every ceiling (%s)".formatted(lowest));
    }
    requireBetween(TICK, tick, Duration.ofMillis(5), Duration.ofSeconds(1));
    requireBetween(DELAY_TARGET, delayTarget, Duration.ofMillis(1), Duration.ofHours(1));
  }

  /** The options that are in force when nothing is set. */
  public static AdmissionOptions defaults() {
    return from(Settings.of(Map.of(), OPTIONS));
  }

  /** Share of the capacity that the priorities of a lane keep together, 0 to 1. */
  double floor(Lane lane) {
    return lane.priorities().stream().mapToDouble(p -> floors.getOrDefault(p, 0.0)).sum();
  }

  /**
   * Reads the options from a job's settings.
   *
   * @throws InvalidSettings naming the key, the value and the fix
   */
  public static AdmissionOptions from(Settings settings) {
    return new AdmissionOptions(
        settings.get(ENABLED),
        settings.get(LANES),
        prioritySet(EXPRESS, settings),
        prioritySet(NEVER_SHED, settings),
        shares(FLOORS, settings),
        shares(CEILINGS, settings),
        settings.get(FILL_SETPOINT),
        settings.get(DELAY_TARGET),
        settings.get(TICK),
        settings.get(SEED));
  }

  private static ConfigOption<String> priorities(String key, String description) {
    return ConfigOptions.key(key)
        .stringType()
        .defaultValue("critical")
        .withDescription(description);
  }

  private static Map<Priority, ConfigOption<Double>> perPriority(
      String prefix, Map<Priority, Double> defaults, String description) {
    Map<Priority, ConfigOption<Double>> options = new EnumMap<>(Priority.class);
    defaults.forEach(
        (priority, value) ->
            options.put(
                priority,
                ConfigOptions.key(prefix + priority.wireName())
                    .doubleType()
                    .defaultValue(value)
                    .withDescription(description)));
    return options;
  }

  private static Map<Priority, Double> shares(
      Map<Priority, ConfigOption<Double>> options, Settings settings) {
    Map<Priority, Double> shares = new EnumMap<>(Priority.class);
    options.forEach((priority, option) -> shares.put(priority, settings.get(option)));
    return shares;
  }

  private static Set<Priority> prioritySet(ConfigOption<String> option, Settings settings) {
    String text = settings.get(option);
    Set<Priority> set = EnumSet.noneOf(Priority.class);
    for (String word : text.split(",", -1)) {
      set.add(
          Priority.fromWireName(word.strip())
              .orElseThrow(
                  () ->
                      new InvalidSettings(
                          option.key(), text, "write some of critical, high, normal, bulk")));
    }
    if (!set.contains(Priority.CRITICAL)) {
      throw new InvalidSettings(option.key(), text, "critical must be among them");
    }
    return set;
  }

  private static void requireShare(
      Map<Priority, ConfigOption<Double>> options, Priority priority, double value) {
    if (!(value >= 0 && value <= 1)) {
      ConfigOption<Double> option = options.get(priority);
      String key = option == null ? priority.wireName() : option.key();
      throw new InvalidSettings(key, value, "write a share between 0 and 1");
    }
  }

  private static void requireBetween(
      ConfigOption<Duration> option, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidSettings(
          option.key(),
          value.toMillis() + "ms",
          "write a duration from %d ms to %d ms".formatted(least.toMillis(), most.toMillis()));
    }
  }

  private static String words(Set<Priority> priorities) {
    return String.join(",", priorities.stream().sorted().map(Priority::wireName).toList());
  }
}
