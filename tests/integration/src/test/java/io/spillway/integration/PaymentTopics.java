package io.spillway.integration;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics of one run of the transaction job, commands in topics by priority.
 *
 * @param run what the name of each begins with
 */
record PaymentTopics(String run) {
  private static final List<String> OUTPUTS =
      List.of("decisions", "receipts", "ledger", "dead-letters");
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  /** The topics of commands without their priority. */
  String commands() {
    return run + ".commands";
  }

  String decisions() {
    return run + ".decisions";
  }

  /** Settings of a job that reads and writes these topics and no others. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.group.id", run);
    settings.put("input.topic", commands());
    settings.put("input.mode", "per_priority");
    OUTPUTS.forEach(output -> settings.put(output + ".topic", run + "." + output));
    settings.put("accounts.topic", run + ".accounts");
    settings.put("policy.topic", "");
    return settings;
  }

  MeasuredTopics create(LocalCluster cluster) {
    MeasuredTopics measured = MeasuredTopics.of(JobName.TRANSACTIONS, settings());
    measured.inputs().forEach(topic -> cluster.createTopic(topic, 2, Map.of()));
    OUTPUTS.forEach(output -> cluster.createTopic(run + "." + output, 1, STAMPED));
    cluster.createTopic(run + ".accounts", 1, Map.of("cleanup.policy", "compact"));
    return measured;
  }
}
