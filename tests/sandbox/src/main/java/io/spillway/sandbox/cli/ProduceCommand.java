package io.spillway.sandbox.cli;

import io.spillway.edge.AdmissionFollower;
import io.spillway.edge.EdgeOptions;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.produce.ExampleProducer;
import io.spillway.sandbox.produce.ProducerPlan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "produce",
    description =
        "Send events to a job with the example producer (Pekko Streams), which heeds what the job"
            + " can take: submit the job with --set admission.publish.topic=spillway.admission.",
    mixinStandardHelpOptions = true)
final class ProduceCommand implements Callable<Integer> {
  private static final int MOST_PER_SECOND = 100_000;
  private static final int LONGEST_SECONDS = 86_400;

  @Parameters(index = "0", paramLabel = "JOB", description = "the job that gets the events: iot")
  private String job;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1000",
      description = "events a second it would send (default: ${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "for how long (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--mix",
      paramLabel = "PARTS",
      defaultValue = "critical=5,high=15,normal=40,bulk=40",
      description = "events by priority (default: ${DEFAULT-VALUE})")
  private String mix;

  @Option(
      names = "--follow",
      paramLabel = "TOPIC",
      defaultValue = "spillway.admission",
      description = "where the job publishes what it can take (default: ${DEFAULT-VALUE})")
  private String follow;

  @Option(names = "--heedless", description = "send at full speed, whatever the job can take")
  private boolean heedless;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    JobName target = JobName.of(job);
    if (target != JobName.IOT) {
      throw SandboxException.wrongUse("the example producer sends readings: only to iot");
    }
    requireBetween("--rate", rate, MOST_PER_SECOND);
    requireBetween("--seconds", seconds, LONGEST_SECONDS);
    ProducerPlan plan = ProducerPlan.of(target.input(), rate, mix, Duration.ofSeconds(seconds));
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    cluster.createTopics(target, Map.of("admission.publish.topic", follow));
    try (ExampleProducer producer = new ExampleProducer(cluster.bootstrapServers());
        AdmissionFollower follower =
            heedless
                ? null
                : AdmissionFollower.start(
                    EdgeOptions.of(follow, target.input()),
                    Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      ScheduledExecutorService reports = Executors.newSingleThreadScheduledExecutor();
      Progress progress = new Progress(producer, follower, command.commandLine().getOut());
      reports.scheduleAtFixedRate(progress::print, 2, 2, TimeUnit.SECONDS);
      try {
        producer.send(plan, follower);
      } finally {
        reports.shutdownNow();
      }
      progress.printSum(plan);
    }
    return 0;
  }

  private static void requireBetween(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw SandboxException.wrongUse(
          "%s %d: write a number from 1 to %d".formatted(option, value, most));
    }
  }

  /** A line every two seconds: what was sent, and what may be. */
  private static final class Progress {
    private final ExampleProducer producer;
    private final AdmissionFollower follower;
    private final PrintWriter out;
    private final long[] last = new long[Priority.COUNT];
    private int elapsed;

    Progress(ExampleProducer producer, AdmissionFollower follower, PrintWriter out) {
      this.producer = producer;
      this.follower = follower;
      this.out = out;
    }

    void print() {
      elapsed += 2;
      StringBuilder line = new StringBuilder("%4d s".formatted(elapsed));
      for (Priority priority : Priority.values()) {
        long now = producer.sent(priority);
        double limit = follower == null ? Double.POSITIVE_INFINITY : follower.perSecond(priority);
        line.append(
            "  %s %,d/s%s"
                .formatted(
                    priority.wireName(),
                    (now - last[priority.ordinal()]) / 2,
                    Double.isInfinite(limit) ? "" : " of %,.0f".formatted(limit)));
        last[priority.ordinal()] = now;
      }
      out.println(line);
      out.flush();
    }

    void printSum(ProducerPlan plan) {
      for (Priority priority : Priority.values()) {
        long sent = producer.sent(priority);
        out.println(
            "%-8s  %,d sent, %,d held back"
                .formatted(priority.wireName(), sent, Math.max(0, plan.wanted(priority) - sent)));
      }
      out.flush();
    }
  }
}
