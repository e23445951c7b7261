package io.spillway.sandbox.audit;

import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The topics from which a job is audited, and the consumer groups under which it reads.
 *
 * @param receipts empty where the job writes none; what windows hold is read in their place
 */
public record AuditTopics(
    List<String> inputs,
    String receipts,
    String ledger,
    String deadLetters,
    String alerts,
    String aggregates,
    List<String> groups) {

  public AuditTopics {
    inputs = List.copyOf(inputs);
    groups = List.copyOf(groups);
  }

  /** The topics of a job with these settings, which are those it was submitted with. */
  public static AuditTopics of(Map<String, String> settings) {
    MeasuredTopics measured = MeasuredTopics.of(settings);
    String receipts = settings.getOrDefault("receipts.topic", "");
    if (receipts.isEmpty() && "false".equalsIgnoreCase(settings.get("admission.enabled"))) {
      throw SandboxException.wrongUse(
          "without receipts and with admission.enabled = 'false' no topic says what became of an"
              + " event: submit with --set receipts.topic=TOPIC");
    }
    String group = settings.getOrDefault("kafka.group.id", "spillway");
    return new AuditTopics(
        measured.inputs(),
        receipts,
        measured.ledger(),
        measured.deadLetters(),
        settings.getOrDefault("alerts.topic", "iot.alerts"),
        settings.getOrDefault("aggregates.topic", "iot.aggregates"),
        "isolated".equalsIgnoreCase(settings.get("lanes"))
            ? List.of(group + "-express", group + "-bulk")
            : List.of(group));
  }

  /** All of them. */
  public List<String> all() {
    List<String> all = new ArrayList<>(inputs);
    all.addAll(outputs());
    return all;
  }

  /** What the job writes: aggregates only where there are no receipts. */
  List<String> outputs() {
    List<String> outputs = new ArrayList<>(List.of(ledger, deadLetters, alerts));
    outputs.add(receipts.isEmpty() ? aggregates : receipts);
    return outputs;
  }
}
