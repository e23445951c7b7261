package io.spillway.sandbox.cli;

import io.spillway.sandbox.audit.AuditReading;
import io.spillway.sandbox.audit.AuditReport;
import io.spillway.sandbox.audit.AuditRule;
import io.spillway.sandbox.audit.AuditTopics;
import io.spillway.sandbox.audit.Findings;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Nearest;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.SqlReading;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.report.ReportFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "audit",
    description =
        "Prove from the topics alone that each event a job got went to exactly one place.",
    footer = {
      "",
      "Exit code: 0 nothing is missing, double or forged; 1 something is (listed with its",
      "offset, source and sequence number), or the topics cannot be read; 2 wrong use, no",
      "broker, no such topic. Reads what is there when it starts; the job may go on."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  private static final String BROKERS = "kafka.bootstrap.servers";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "the job to audit: iot, transactions, video")
  private String job;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting the job was submitted with (repeatable)")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--since",
      paramLabel = "AGE",
      defaultValue = "all",
      description = "only events this young: 90s, 15min, 2h, 1d, all (default: ${DEFAULT-VALUE})")
  private String since;

  @Option(
      names = "--all",
      description = "the job is through with all of its input; default: with what it has committed")
  private boolean all;

  @Option(
      names = "--once",
      description = "nothing may come twice, not even what is at least once: no failure happened")
  private boolean once;

  @Option(names = "--json", paramLabel = "FILE", description = "write what was found here, too")
  private Optional<Path> json = Optional.empty();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    JobName name = JobName.of(job).requireAdmits();
    AuditTopics topics = AuditTopics.of(name, settings);
    AuditRule rule = AuditRule.of(name, settings, once);
    Optional<Duration> age = SqlReading.of(false, since).since();
    ReportFiles.requireWritable(json.orElse(null));
    String brokers =
        settings.containsKey(BROKERS)
            ? settings.get(BROKERS)
            : LocalCluster.running(ClusterOptions.stateDir())
                .map(LocalCluster::bootstrapServers)
                .orElseThrow(AuditCommand::noCluster);
    Findings findings;
    try (Topics broker = new Topics(brokers)) {
      requireAnswer(broker, brokers);
      requireTopics(topics, broker.names());
      OptionalLong sinceMillis =
          age.isPresent()
              ? OptionalLong.of(Instant.now().minus(age.get()).toEpochMilli())
              : OptionalLong.empty();
      findings = new AuditReading(brokers, topics, rule).read(broker, sinceMillis, all);
    }
    AuditReport report = new AuditReport(topics, rule, findings);
    report.lines().forEach(command.commandLine().getOut()::println);
    json.ifPresent(file -> ReportFiles.write(file, report.json()));
    return findings.holds() ? 0 : 1;
  }

  private static SandboxException noCluster() {
    return SandboxException.wrongUse(
        "no cluster is up here: start it with './spillway up', or name brokers with --set %s=..."
            .formatted(BROKERS));
  }

  private static void requireAnswer(Topics broker, String brokers) {
    if (!Await.until(ANSWER_LIMIT, broker::answers)) {
      throw SandboxException.wrongUse("no broker answers at %s".formatted(brokers));
    }
  }

  private static void requireTopics(AuditTopics topics, Set<String> existing) {
    for (String topic : topics.all()) {
      if (!existing.contains(topic)) {
        throw SandboxException.wrongUse(
            "there is no topic '%s'%s; name it as the job was told, with --set"
                .formatted(
                    topic,
                    existing.isEmpty()
                        ? ""
                        : ": nearest is '%s'"
                            .formatted(Nearest.to(topic, new ArrayList<>(List.copyOf(existing))))));
      }
    }
  }
}
