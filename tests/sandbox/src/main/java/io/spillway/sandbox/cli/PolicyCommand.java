package io.spillway.sandbox.cli;

import io.spillway.admission.AdmissionOptions;
import io.spillway.config.InvalidSettings;
import io.spillway.config.Settings;
import io.spillway.policy.Policy;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.policy.PolicyLog;
import io.spillway.sandbox.policy.PolicyRecords;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.ConfigOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "policy",
    description = "Change what a running job does under overload, or show what it was told.",
    footer = {
      "",
      "A policy is whole: what it does not set is as the job was submitted. What may be set:",
      "admission.overload.*, admission.floor.*, admission.ceiling.* and admission.max-age.* of",
      "high, normal and bulk. With neither --set nor --clear: shows the policies in the topic."
    })
final class PolicyCommand implements Callable<Integer> {
  private static final String BROKERS = "kafka.bootstrap.servers";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  @Parameters(index = "0", paramLabel = "JOB", description = "the job: iot, transactions, video")
  private String job;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting of the new policy (repeatable)")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--clear", description = "a new policy that sets nothing: the job's own options")
  private boolean clear;

  @Option(names = "--show", description = "show the policies in the topic, also after writing one")
  private boolean show;

  @Option(
      names = "--version",
      paramLabel = "N",
      defaultValue = "0",
      description = "version of the new policy; default: one above the highest so far")
  private long version;

  @Option(
      names = "--job-set",
      paramLabel = "KEY=VALUE",
      description = "a setting the job was submitted with (repeatable): what a policy must fit")
  private Map<String, String> jobSettings = new LinkedHashMap<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help message and exit")
  private boolean help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    JobName name = JobName.of(job).requireAdmits();
    if (clear && !settings.isEmpty()) {
      throw SandboxException.wrongUse("--clear sets nothing: leave out --set, or --clear");
    }
    boolean write = clear || !settings.isEmpty();
    if (version < 0 || version > 0 && !write) {
      throw SandboxException.wrongUse(
          "--version %d: give a number from 1, for a policy with --set or --clear"
              .formatted(version));
    }
    String topic = jobSettings.getOrDefault("policy.topic", JobName.POLICY_TOPIC);
    if (topic.isEmpty()) {
      throw SandboxException.wrongUse("policy.topic = '': the job follows no policy");
    }
    String key = jobSettings.getOrDefault("policy.job", name.shortName());
    AdmissionOptions own = own(name);
    PolicyLog log = new PolicyLog(key, own);
    if (write) {
      // Says what is wrong with the settings before a broker is asked.
      new PolicyLog(key, own).next(version, settings);
    }
    String brokers = brokers();
    requireTopic(brokers, topic);
    PolicyRecords records = new PolicyRecords(brokers, topic);
    records.readInto(log);
    PrintWriter out = command.commandLine().getOut();
    if (show || !write) {
      log.lines().forEach(out::println);
    }
    if (write) {
      Policy next = log.next(version, settings);
      records.write(key, next);
    }
    out.println("policy of %s  %s".formatted(key, shown(log.policy())));
    return 0;
  }

  private static String shown(Policy policy) {
    return policy.equals(Policy.OWN) ? "none: the job's own options" : policy.toString();
  }

  /** The options of admission the job was submitted with; its other settings are not for here. */
  private AdmissionOptions own(JobName name) {
    Map<String, String> admission = new LinkedHashMap<>(name.admissionDefaults());
    admission.putAll(jobSettings);
    admission.keySet().retainAll(AdmissionOptions.OPTIONS.stream().map(ConfigOption::key).toList());
    try {
      return AdmissionOptions.from(Settings.of(admission, AdmissionOptions.OPTIONS));
    } catch (InvalidSettings e) {
      throw SandboxException.wrongUse("--job-set: " + e.getMessage());
    }
  }

  private String brokers() {
    if (jobSettings.containsKey(BROKERS)) {
      return jobSettings.get(BROKERS);
    }
    return LocalCluster.running(ClusterOptions.stateDir())
        .map(LocalCluster::bootstrapServers)
        .orElseThrow(
            () ->
                SandboxException.wrongUse(
                    "no cluster is up here: start it with './spillway up', or name brokers with"
                        + " --job-set %s=...".formatted(BROKERS)));
  }

  private void requireTopic(String brokers, String topic) {
    try (Topics broker = new Topics(brokers)) {
      if (!Await.until(ANSWER_LIMIT, broker::answers)) {
        throw SandboxException.wrongUse("no broker answers at %s".formatted(brokers));
      }
      if (!jobSettings.containsKey(BROKERS)) {
        broker.create(topic, 1, Topics.COMPACTED);
      } else if (!broker.names().contains(topic)) {
        throw SandboxException.wrongUse(
            "there is no topic '%s' at %s: create it with one partition and cleanup.policy=compact"
                .formatted(topic, brokers));
      }
    }
  }
}
