package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.JobName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The topics from which a run is judged.
 *
 * @param inputs one mixed topic, or one per priority
 * @param receipts one small record for each result; stamped by the broker
 */
public record MeasuredTopics(
    List<String> inputs, String receipts, String ledger, String deadLetters) {
  /** Those of the IoT job. */
  public static final String RECEIPTS = "iot.receipts";

  public MeasuredTopics {
    inputs = List.copyOf(inputs);
  }

  /** The topics of the IoT job with these settings. */
  public static MeasuredTopics of(Map<String, String> settings) {
    return of(JobName.IOT, settings);
  }

  /** The topics of a job with these settings. */
  public static MeasuredTopics of(JobName job, Map<String, String> settings) {
    return new MeasuredTopics(
        job.inputs(settings),
        settings.getOrDefault("receipts.topic", job.receipts()),
        settings.getOrDefault("ledger.topic", "spillway.ledger"),
        settings.getOrDefault("dead-letters.topic", "spillway.dead-letters"));
  }

  List<String> all() {
    List<String> all = new ArrayList<>(inputs);
    all.addAll(List.of(receipts, ledger, deadLetters));
    return all;
  }
}
