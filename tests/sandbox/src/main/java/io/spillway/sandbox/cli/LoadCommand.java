package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "load",
    description = "Send events to a job by a profile, until its end or Ctrl-C.",
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
  private static final long REPORT_MILLIS = 2_000;

  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "the job that gets the events: iot, transactions, video")
  private String job;

  @Option(
      names = "--profile",
      paramLabel = "STEPS",
      description = "rate and duration of each step, such as 500:10s,5000:30s,500:10s")
  private String profile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting of the generator (repeatable)")
  private Map<String, String> given = new LinkedHashMap<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    JobName target = JobName.of(job);
    if (target == JobName.LOAD) {
      throw SandboxException.wrongUse("job 'load' reads no events: name the job that gets them");
    }
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    Map<String, String> settings = new LinkedHashMap<>(given);
    if (target.admits()) {
      settings.putIfAbsent("events", target.shortName());
    }
    settings.putIfAbsent("topic", target.input());
    settings.putIfAbsent("topic.mode", target.inputMode());
    if (profile != null) {
      settings.put("profile", profile);
    }
    cluster.createTopics(JobName.LOAD, settings);
    try (Topics topics = new Topics(cluster.bootstrapServers())) {
      report(cluster.load(settings), topics, settings.get("topic"));
    }
    return 0;
  }

  /** A line every two seconds, from the offsets of the topic: what has really arrived. */
  private void report(LoadProcess load, Topics topics, String topic) throws InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    long begin = System.nanoTime();
    long first = written(topics, topic);
    long last = first;
    long lastNanos = begin;
    while (load.isAlive()) {
      Thread.sleep(REPORT_MILLIS);
      long now = written(topics, topic);
      long nowNanos = System.nanoTime();
      out.println(
          "%4d s  %,d events  %,.0f/s"
              .formatted(
                  (nowNanos - begin) / 1_000_000_000,
                  now - first,
                  (now - last) * 1e9 / (nowNanos - lastNanos)));
      last = now;
      lastNanos = nowNanos;
    }
    load.await(Duration.ofSeconds(1));
    out.println("%,d events sent to %s".formatted(written(topics, topic) - first, topic));
  }

  /** The topic, or its topics by priority. */
  private static long written(Topics topics, String topic) {
    Set<String> names = topics.names();
    return names.stream()
        .filter(name -> name.equals(topic) || name.startsWith(topic + "."))
        .mapToLong(topics::written)
        .sum();
  }
}
