package io.spillway.sandbox.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The jobs in the jar: the short name for the command line, the class, and its topics. */
public enum JobName {
  IOT(
      "iot",
      "IotIngestionJob",
      "iot.events",
      Map.of("alerts.topic", "iot.alerts", "aggregates.topic", "iot.aggregates"),
      List.of("iot.corrections")),
  TRANSACTIONS(
      "transactions",
      "TransactionJob",
      "transactions.commands",
      Map.of(
          "decisions.topic", "transactions.decisions", "accounts.topic", "transactions.accounts"),
      List.of()),
  VIDEO(
      "video",
      "VideoQoeJob",
      "video.events",
      Map.of("alerts.topic", "video.alerts", "qoe.topic", "video.qoe"),
      List.of()),
  WEBHOOK("webhook", "WebhookJob", "iot.alerts", Map.of(), List.of()),
  LOAD("load", "LoadGeneratorJob", "", Map.of(), List.of()),
  REPLAY("replay", "ReplayJob", "iot.events", Map.of(), List.of("iot.alerts", "iot.corrections"));

  /** The topic of policies unless the settings of a job say otherwise. */
  public static final String POLICY_TOPIC = "spillway.policy";

  private static final String POLICY_SETTING = "policy.topic";
  private static final Map<String, String> COMPACTED_OUTPUTS =
      Map.of(
          "accounts.topic", "transactions.accounts",
          "admission.publish.topic", "spillway.admission");
  private static final String PACKAGE = "io.spillway.jobs.";
  private static final List<String> PRIORITIES = List.of("critical", "high", "normal", "bulk");
  private static final List<String> SHARED = List.of("spillway.ledger", "spillway.dead-letters");

  private final String shortName;
  private final String simpleClassName;
  private final String input;
  private final Map<String, String> results;
  private final List<String> furtherOutputs;

  JobName(
      String shortName,
      String simpleClassName,
      String input,
      Map<String, String> results,
      List<String> furtherOutputs) {
    this.shortName = shortName;
    this.simpleClassName = simpleClassName;
    this.input = input;
    this.results = results;
    this.furtherOutputs = furtherOutputs;
  }

  /**
   * The job with this short name, class name or full class name.
   *
   * @throws SandboxException if there is none; it names the nearest one
   */
  public static JobName of(String written) {
    List<String> names = new ArrayList<>();
    for (JobName job : values()) {
      List<String> own = List.of(job.shortName, job.simpleClassName, job.className());
      if (own.contains(written)) {
        return job;
      }
      names.addAll(own);
    }
    throw SandboxException.wrongUse(
        "unknown job '%s': did you mean '%s'? (jobs: %s)"
            .formatted(
                written,
                Nearest.to(written, names),
                String.join(", ", Arrays.stream(values()).map(job -> job.shortName).toList())));
  }

  public String shortName() {
    return shortName;
  }

  public String className() {
    return PACKAGE + simpleClassName;
  }

  /** The topic its events come from unless its settings say otherwise; empty if it reads none. */
  public String input() {
    return input;
  }

  /** Whether it admits events, and so may be overloaded, follows policies and can be audited. */
  public boolean admits() {
    return this == IOT || this == TRANSACTIONS || this == VIDEO;
  }

  /**
   * This job, if it admits events.
   *
   * @throws SandboxException if it does not; it names those that do
   */
  public JobName requireAdmits() {
    if (!admits()) {
      throw SandboxException.wrongUse(
          "job '%s' admits nothing: give %s"
              .formatted(
                  shortName,
                  String.join(
                      ", ",
                      Arrays.stream(values())
                          .filter(JobName::admits)
                          .map(JobName::shortName)
                          .toList())));
    }
    return this;
  }

  /** Where it is asked to write receipts when it is measured. */
  public String receipts() {
    return shortName + ".receipts";
  }

  /** Where its alerts go with these settings; empty if it has none. */
  public String alerts(Map<String, String> settings) {
    String setting = "alerts.topic";
    return settings.getOrDefault(setting, results.getOrDefault(setting, ""));
  }

  /** Where its results go with these settings. */
  public List<String> results(Map<String, String> settings) {
    return results.entrySet().stream()
        .map(result -> settings.getOrDefault(result.getKey(), result.getValue()))
        .toList();
  }

  /** The consumer group it reads in unless its settings say otherwise. */
  public String group() {
    return this == IOT ? "spillway" : "spillway-" + shortName;
  }

  /** How it writes its results unless its settings say otherwise. */
  public String delivery() {
    return this == TRANSACTIONS ? "exactly-once" : "at-least-once";
  }

  /** Settings of its admission that are others than those of the library, unless told otherwise. */
  public Map<String, String> admissionDefaults() {
    return switch (this) {
      case TRANSACTIONS ->
          Map.of("admission.overload.high", "defer", "admission.overload.bulk", "defer");
      case VIDEO -> Map.of("admission.sampling-unit", "key");
      case IOT, WEBHOOK, LOAD, REPLAY -> Map.of();
    };
  }

  /** How its input is spread over topics unless its settings say otherwise. */
  public String inputMode() {
    return this == TRANSACTIONS ? "per_priority" : "mixed";
  }

  /**
   * The topics this job reads and writes with these settings, each with the topic options it needs:
   * inputs keep the time the producer gave, outputs get the broker's, policies are compacted.
   */
  Map<String, Map<String, String>> topics(Map<String, String> settings) {
    Map<String, Map<String, String>> topics = new LinkedHashMap<>();
    inputs(settings).forEach(topic -> topics.put(topic, Map.of()));
    outputs(settings).forEach(topic -> topics.putIfAbsent(topic, Topics.STAMPED_BY_BROKER));
    COMPACTED_OUTPUTS.forEach(
        (setting, name) ->
            topics.computeIfPresent(
                settings.getOrDefault(setting, name), (topic, config) -> Topics.COMPACTED));
    String policies = settings.getOrDefault(POLICY_SETTING, POLICY_TOPIC);
    if (admits() && !policies.isEmpty()) {
      topics.put(policies, Topics.COMPACTED);
    }
    return topics;
  }

  /**
   * The topics {@code submit} may create: an input the user has named has to be there, else a slip
   * of the pen would be a job that waits for ever. Nor is the input of a replay, or of the job that
   * hands results over: what is in it was written by another.
   */
  Map<String, Map<String, String>> topicsToCreate(Map<String, String> settings) {
    Map<String, Map<String, String>> topics = topics(settings);
    if (this == REPLAY || this == WEBHOOK || settings.containsKey(inputSetting())) {
      inputs(settings).forEach(topics::remove);
    }
    return topics;
  }

  private String inputSetting() {
    return this == LOAD ? "topic" : "input.topic";
  }

  /** The topics it reads with these settings, or that the load generator writes. */
  public List<String> inputs(Map<String, String> settings) {
    String topic = settings.getOrDefault(inputSetting(), input);
    if (topic.isEmpty()) {
      return List.of();
    }
    String mode = settings.getOrDefault(this == LOAD ? "topic.mode" : "input.mode", inputMode());
    return mode.equalsIgnoreCase("per_priority")
        ? PRIORITIES.stream().map(priority -> topic + "." + priority).toList()
        : List.of(topic);
  }

  private Set<String> outputs(Map<String, String> settings) {
    Set<String> written = new LinkedHashSet<>(results.values());
    written.addAll(furtherOutputs);
    if (this != LOAD) {
      written.addAll(SHARED);
    }
    settings.forEach(
        (key, value) -> {
          boolean isRead = key.equals(inputSetting()) || key.equals(POLICY_SETTING);
          if (key.endsWith(".topic") && !isRead && !value.isEmpty()) {
            written.add(value);
          }
        });
    return written;
  }
}
