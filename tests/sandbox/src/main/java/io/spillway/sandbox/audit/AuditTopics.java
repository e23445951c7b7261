package io.spillway.sandbox.audit;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The topics from which a job is audited, and the consumer groups under which it reads.
 *
 * @param receipts empty where the job writes none; what windows hold is read in their place
 * @param alerts empty for a job that has none
 * @param aggregates empty where receipts are read
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

  /** The topics of the IoT job with these settings. */
  public static AuditTopics of(Map<String, String> settings) {
    return of(JobName.IOT, settings);
  }

  /** The topics of a job with these settings, which are those it was submitted with. */
  public static AuditTopics of(JobName job, Map<String, String> settings) {
    MeasuredTopics measured = MeasuredTopics.of(job, settings);
    String receipts = settings.getOrDefault("receipts.topic", "");
    if (receipts.isEmpty() && job != JobName.IOT) {
      throw SandboxException.wrongUse(
          "without receipts no topic says what became of an event of '%s': submit it, and audit it, with --set receipts.topic=%s"
              .formatted(job.shortName(), job.receipts()));
    }
    if (receipts.isEmpty() && "false".equalsIgnoreCase(settings.get("admission.enabled"))) {
      throw SandboxException.wrongUse(
          "without receipts and with admission.enabled = 'false' no topic says what became of an"
              + " event: submit with --set receipts.topic=TOPIC");
    }
    String group = settings.getOrDefault("kafka.group.id", job.group());
    return new AuditTopics(
        measured.inputs(),
        receipts,
        measured.ledger(),
        measured.deadLetters(),
        job.alerts(settings),
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
    List<String> outputs = new ArrayList<>(List.of(ledger, deadLetters));
    if (!alerts.isEmpty()) {
      outputs.add(alerts);
    }
    outputs.add(receipts.isEmpty() ? aggregates : receipts);
    return outputs;
  }
}
