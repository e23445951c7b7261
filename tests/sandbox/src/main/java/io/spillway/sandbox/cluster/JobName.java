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
      List.of("iot.alerts", "iot.aggregates", "iot.corrections")),
  TRANSACTIONS(
      "transactions",
      "TransactionJob",
      "transactions.commands",
      List.of("transactions.decisions", "transactions.accounts")),
  VIDEO("video", "VideoQoeJob", "video.events", List.of("video.alerts", "video.qoe")),
  WEBHOOK("webhook", "WebhookJob", "iot.alerts", List.of()),
  LOAD("load", "LoadGeneratorJob", "", List.of()),
  REPLAY("replay", "ReplayJob", "iot.events", List.of("iot.alerts", "iot.corrections"));

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
  private final List<String> outputs;

  JobName(String shortName, String simpleClassName, String input, List<String> outputs) {
    this.shortName = shortName;
    this.simpleClassName = simpleClassName;
    this.input = input;
    this.outputs = outputs;
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
    if (followsPolicies() && !policies.isEmpty()) {
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

  private boolean followsPolicies() {
    return this == IOT || this == TRANSACTIONS || this == VIDEO;
  }

  private String inputSetting() {
    return this == LOAD ? "topic" : "input.topic";
  }

  private List<String> inputs(Map<String, String> settings) {
    String topic = settings.getOrDefault(inputSetting(), input);
    if (topic.isEmpty()) {
      return List.of();
    }
    String mode =
        settings.getOrDefault(
            this == LOAD ? "topic.mode" : "input.mode",
            this == TRANSACTIONS ? "per_priority" : "mixed");
    return mode.equalsIgnoreCase("per_priority")
        ? PRIORITIES.stream().map(priority -> topic + "." + priority).toList()
        : List.of(topic);
  }

  private Set<String> outputs(Map<String, String> settings) {
    Set<String> written = new LinkedHashSet<>(outputs);
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
