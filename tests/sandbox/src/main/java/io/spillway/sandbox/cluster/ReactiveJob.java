package io.spillway.sandbox.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The one job of a cluster in reactive mode: its JobManager brings it along, and it takes every
 * slot there is. Immutable.
 *
 * @param settings of the job, beyond where Kafka is
 */
public record ReactiveJob(JobName job, Map<String, String> settings) {
  private static final String JOB = "reactive.job";
  private static final String SETTING = "reactive.set.";

  public ReactiveJob {
    job.requireAdmits();
    settings = Map.copyOf(settings);
  }

  /**
   * The arguments of the JobManager's program.
   *
   * @param from savepoint or retained checkpoint that the job goes on from
   */
  List<String> arguments(String bootstrapServers, Optional<String> from) {
    Map<String, String> all = new TreeMap<>(settings);
    all.putIfAbsent("kafka.bootstrap.servers", bootstrapServers);
    List<String> words = new ArrayList<>(List.of("--job-classname", job.className()));
    from.ifPresent(state -> words.addAll(List.of("--fromSavepoint", state)));
    words.addAll(Submission.settingArguments(all));
    return words;
  }

  void writeTo(Properties properties) {
    properties.setProperty(JOB, job.shortName());
    settings.forEach((key, value) -> properties.setProperty(SETTING + key, value));
  }

  static Optional<ReactiveJob> readFrom(Properties properties) {
    Map<String, String> settings = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(SETTING)) {
        settings.put(key.substring(SETTING.length()), properties.getProperty(key));
      }
    }
    return Optional.ofNullable(properties.getProperty(JOB))
        .map(job -> new ReactiveJob(JobName.of(job), settings));
  }
}
