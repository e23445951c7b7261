package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.JobName;
import java.util.Map;
import java.util.TreeMap;

/**
 * One way to run a job: its settings, and a name for reports. Two variants that are compared have
 * the same parallelism and the same work per event, so the same workers.
 *
 * @param job short name of the job, for example {@code iot}
 * @param flinkOptions laid over the configuration of the cluster, for this job alone
 */
public record Variant(
    String name,
    String job,
    int parallelism,
    Map<String, String> settings,
    Map<String, String> flinkOptions) {

  private static final String MIXED = "mixed";

  public Variant {
    settings = Map.copyOf(settings);
    flinkOptions = Map.copyOf(flinkOptions);
  }

  /** With the configuration of the cluster as it is. */
  public Variant(String name, String job, int parallelism, Map<String, String> settings) {
    this(name, job, parallelism, settings, Map.of());
  }

  /** Flink as it is: one topic, no admission, one lane. */
  public static Variant plain(String job, int parallelism, int workMicros) {
    Variant plain =
        spillway(job, parallelism, workMicros)
            .named("plain")
            .with("admission.enabled", "false")
            .with("lanes", "single");
    return JobName.of(job).inputMode().equals(MIXED) ? plain : plain.with("input.mode", MIXED);
  }

  /** Spillway with its defaults. */
  public static Variant spillway(String job, int parallelism, int workMicros) {
    return new Variant(
        "spillway",
        job,
        parallelism,
        Map.of(
            "work.micros",
            String.valueOf(workMicros),
            "receipts.topic",
            JobName.of(job).receipts()));
  }

  public Variant named(String other) {
    return new Variant(other, job, parallelism, settings, flinkOptions);
  }

  /** This variant with one more setting. */
  public Variant with(String key, String value) {
    Map<String, String> more = new TreeMap<>(settings);
    more.put(key, value);
    return new Variant(name, job, parallelism, more, flinkOptions);
  }

  /** This variant with one more option of Flink. */
  public Variant withFlink(String key, String value) {
    Map<String, String> more = new TreeMap<>(flinkOptions);
    more.put(key, value);
    return new Variant(name, job, parallelism, settings, more);
  }

  /** The topics that tell what became of its events. */
  public MeasuredTopics topics() {
    return MeasuredTopics.of(JobName.of(job), settings);
  }
}
