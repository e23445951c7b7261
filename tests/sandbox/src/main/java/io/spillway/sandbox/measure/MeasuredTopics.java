package io.spillway.sandbox.measure;

import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.Arrays;
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
  public static final String RECEIPTS = "iot.receipts";

  public MeasuredTopics {
    inputs = List.copyOf(inputs);
  }

  /** The topics of a job with these settings. */
  public static MeasuredTopics of(Map<String, String> settings) {
    String input = settings.getOrDefault("input.topic", "iot.events");
    boolean perPriority = "per_priority".equals(settings.get("input.mode"));
    return new MeasuredTopics(
        perPriority
            ? Arrays.stream(Priority.values()).map(p -> input + "." + p.wireName()).toList()
            : List.of(input),
        settings.getOrDefault("receipts.topic", RECEIPTS),
        settings.getOrDefault("ledger.topic", "spillway.ledger"),
        settings.getOrDefault("dead-letters.topic", "spillway.dead-letters"));
  }

  List<String> all() {
    List<String> all = new ArrayList<>(inputs);
    all.addAll(List.of(receipts, ledger, deadLetters));
    return all;
  }
}
