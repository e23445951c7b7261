package io.spillway.admission;

import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.priority.Priority;
import io.spillway.quota.QuotaOptions;
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
 * @param neverShed priorities that are waited for whatever {@code overload} says of them; a subset
 *     of {@code express} unless there is a single lane
 * @param floors share of the capacity that a priority keeps under any overload, 0..1, sum at most 1
 * @param ceilings fill of its lane, 0..1, above which an event of this priority does not enter
 * @param fillSetpoint fill of the lane that the controller holds under overload, below all ceilings
 * @param delayTarget waiting time in Kafka above which the controller makes room
 * @param tick how often the controller looks
 * @param seed seed of the hash that picks what to keep
 * @param overload what becomes of events there is no room for, by priority; a priority that blocks
 *     is never shed
 * @param maxAges how long after it came into Kafka an event is still admitted, by priority; zero or
 *     absent for any age
 * @param samplingUnit what is kept or turned away as a whole
 * @param fairSources whether sources get fair shares of what their priority keeps; false: all of
 *     its events have the same chance
 * @param quotas who may send only so much
 * @param publishTopic where it is told what could come; empty for nowhere
 * @param control who decides how much is kept
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
    long seed,
    Map<Priority, Overload> overload,
    Map<Priority, Duration> maxAges,
    SamplingUnit samplingUnit,
    boolean fairSources,
    QuotaOptions quotas,
    String publishTopic,
    ControlOptions control)
    implements Serializable {

  private static final Duration LONGEST_AGE = Duration.ofDays(3650);
  private static final Duration LONGEST_MILLIS = Duration.ofMillis(Long.MAX_VALUE);

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
  private static final ConfigOption<SamplingUnit> SAMPLING_UNIT =
      ConfigOptions.key("admission.sampling-unit")
          .enumType(SamplingUnit.class)
          .defaultValue(SamplingUnit.EVENT)
          .withDescription(
              "event: each event is kept or turned away on its own, the most precise aggregates."
                  + " key: all events of a record key together, so that kept sessions are whole;"
                  + " intervals then are those of a sample of keys.");

  private static final ConfigOption<Boolean> FAIR_SOURCES =
      ConfigOptions.key("admission.fair-sources")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Where only some events of a priority are kept: cut the sources (ce_source) first that"
                  + " send most, so that one of them does not get the others shed. false, and with"
                  + " admission.sampling-unit = key: all its events have the same chance.");

  /** Where it is told what could come. */
  public static final ConfigOption<String> PUBLISH_TOPIC =
      ConfigOptions.key("admission.publish.topic")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Where admission tells producers and gateways, for each input topic and priority, how"
                  + " much it keeps and how much could come: once a second where that changes, every"
                  + " five seconds at least; spillway.admission by custom, compacted. Empty:"
                  + " nowhere.");

  private static final Map<Priority, ConfigOption<Overload>> OVERLOAD = overloadOptions();
  private static final Map<Priority, ConfigOption<Duration>> MAX_AGES = maxAgeOptions();

  /** What a policy may change while the job runs, see {@link #with}. */
  public static final List<ConfigOption<?>> POLICY_OPTIONS =
      Stream.concat(
              Stream.of(OVERLOAD, FLOORS, CEILINGS, MAX_AGES)
                  .<ConfigOption<?>>flatMap(options -> options.values().stream()),
              QuotaOptions.POLICY_OPTIONS.stream())
          .toList();

  /** Every option of admission, for the job's {@link Settings}. */
  public static final List<ConfigOption<?>> OPTIONS =
      Stream.of(
              Stream.of(ENABLED, LANES, EXPRESS, NEVER_SHED),
              FLOORS.values().stream(),
              CEILINGS.values().stream(),
              Stream.of(FILL_SETPOINT, DELAY_TARGET, TICK, SEED, SAMPLING_UNIT, FAIR_SOURCES),
              OVERLOAD.values().stream(),
              MAX_AGES.values().stream(),
              QuotaOptions.OPTIONS.stream(),
              Stream.of(PUBLISH_TOPIC),
              ControlOptions.OPTIONS.stream())
          .<ConfigOption<?>>flatMap(options -> options)
          .toList();

  public AdmissionOptions {
    express = Set.copyOf(express);
    neverShed = Set.copyOf(neverShed);
    overload = Map.copyOf(overload);
    maxAges = Map.copyOf(maxAges);
    floors = Map.copyOf(floors);
    ceilings = Map.copyOf(ceilings);
    floors.forEach((priority, floor) -> requireShare(FLOORS, priority, floor));
    ceilings.forEach((priority, ceiling) -> requireShare(CEILINGS, priority, ceiling));
    double sum = floors.values().stream().mapToDouble(Double::doubleValue).sum();
    if (sum > 1.0) {
      throw new InvalidSettings(
          "admission.floor.*", sum, "the floors add up to more than 1; lower one of them");
    }
    for (Priority priority : OVERLOAD.keySet()) {
      if (overload.get(priority) == Overload.DEFER && neverShed.contains(priority)) {
        throw new InvalidSettings(
            OVERLOAD.get(priority).key(),
            "defer",
            "%s is in %s; take it out there, or write block here"
                .formatted(priority.wireName(), NEVER_SHED.key()));
      }
      boolean blocks = overload.get(priority) == Overload.BLOCK;
      if (blocks && lanes != LaneMode.SINGLE && !express.contains(priority)) {
        throw new InvalidSettings(
            OVERLOAD.get(priority).key(),
            "block",
            "it would block the bulk lane; add it to " + EXPRESS.key());
      }
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
    maxAges.forEach(
        (priority, age) -> requireBetween(MAX_AGES.get(priority), age, Duration.ZERO, LONGEST_AGE));
  }

  /** The options that are in force when nothing is set. */
  public static AdmissionOptions defaults() {
    return from(Settings.of(Map.of(), OPTIONS));
  }

  /** Priorities that are waited for and never turned away: never shed, or blocking. */
  public Set<Priority> neverTurnedAway() {
    Set<Priority> all = EnumSet.noneOf(Priority.class);
    all.addAll(neverShed);
    overload.forEach(
        (priority, what) -> {
          if (what == Overload.BLOCK) {
            all.add(priority);
          }
        });
    return Set.copyOf(all);
  }

  /** Whether it is told what could come. */
  public boolean publishes() {
    return enabled && !publishTopic.isEmpty();
  }

  /** Share of the capacity that the priorities of the least important lane keep, 0 to 1. */
  double bulkShare() {
    List<Lane> all = Lane.of(this);
    return all.get(all.size() - 1).priorities().stream()
        .mapToDouble(priority -> floors.getOrDefault(priority, 0.0))
        .sum();
  }

  /**
   * These options with some of {@link #POLICY_OPTIONS} set otherwise; what is not named stays.
   *
   * @throws InvalidSettings naming the key, the value and the fix, as for the options themselves
   */
  public AdmissionOptions with(Map<String, String> settings) {
    Settings changes = Settings.of(settings, POLICY_OPTIONS);
    return new AdmissionOptions(
        enabled,
        lanes,
        express,
        neverShed,
        changed(floors, FLOORS, changes),
        changed(ceilings, CEILINGS, changes),
        fillSetpoint,
        delayTarget,
        tick,
        seed,
        changed(overload, OVERLOAD, changes),
        changed(maxAges, MAX_AGES, changes),
        samplingUnit,
        fairSources,
        quotas.with(changes),
        publishTopic,
        control);
  }

  /**
   * Reads the options from a job's settings.
   *
   * @throws InvalidSettings naming the key, the value and the fix
   */
  public static AdmissionOptions from(Settings settings) {
    AdmissionOptions options =
        new AdmissionOptions(
            settings.get(ENABLED),
            settings.get(LANES),
            prioritySet(EXPRESS, settings),
            prioritySet(NEVER_SHED, settings),
            values(FLOORS, settings),
            values(CEILINGS, settings),
            settings.get(FILL_SETPOINT),
            settings.get(DELAY_TARGET),
            settings.get(TICK),
            settings.get(SEED),
            values(OVERLOAD, settings),
            values(MAX_AGES, settings),
            settings.get(SAMPLING_UNIT),
            settings.get(FAIR_SOURCES),
            QuotaOptions.from(settings),
            settings.get(PUBLISH_TOPIC).strip(),
            ControlOptions.from(settings));
    // Another class may refuse its argument, and has to do so before anything is submitted.
    options.control.create(options);
    return options;
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

  private static Map<Priority, ConfigOption<Overload>> overloadOptions() {
    Map<Priority, ConfigOption<Overload>> options = new EnumMap<>(Priority.class);
    for (Priority priority : FLOORS.keySet()) {
      options.put(
          priority,
          ConfigOptions.key("admission.overload." + priority.wireName())
              .enumType(Overload.class)
              .defaultValue(Overload.SHED)
              .withDescription(
                  "What becomes of events of this priority that there is no room for. shed: turned"
                      + " away. defer: left in Kafka for a replay. block: waited for, as with"
                      + " admission.never-shed."));
    }
    return options;
  }

  private static Map<Priority, ConfigOption<Duration>> maxAgeOptions() {
    Map<Priority, ConfigOption<Duration>> options = new EnumMap<>(Priority.class);
    for (Priority priority : FLOORS.keySet()) {
      options.put(
          priority,
          ConfigOptions.key("admission.max-age." + priority.wireName())
              .durationType()
              .defaultValue(Duration.ZERO)
              .withDescription(
                  "How long after its Kafka timestamp an event of this priority is still admitted;"
                      + " an older one is expired. 0s: at any age."));
    }
    return options;
  }

  private static <T> Map<Priority, T> values(
      Map<Priority, ConfigOption<T>> options, Settings settings) {
    Map<Priority, T> values = new EnumMap<>(Priority.class);
    options.forEach((priority, option) -> values.put(priority, settings.get(option)));
    return values;
  }

  private static <T> Map<Priority, T> changed(
      Map<Priority, T> own, Map<Priority, ConfigOption<T>> options, Settings changes) {
    Map<Priority, T> values = new EnumMap<>(Priority.class);
    values.putAll(own);
    options.forEach(
        (priority, option) -> changes.find(option).ifPresent(value -> values.put(priority, value)));
    return values;
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
          value.compareTo(LONGEST_MILLIS) > 0 ? value.toSeconds() + "s" : value.toMillis() + "ms",
          "write a duration from %d ms to %d ms".formatted(least.toMillis(), most.toMillis()));
    }
  }

  private static String words(Set<Priority> priorities) {
    return String.join(",", priorities.stream().sorted().map(Priority::wireName).toList());
  }
}
