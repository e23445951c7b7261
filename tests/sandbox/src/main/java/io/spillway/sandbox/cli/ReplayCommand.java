package io.spillway.sandbox.cli;

import io.spillway.ledger.LastWord;
import io.spillway.ledger.Settlement;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Submission;
import io.spillway.sandbox.measure.LedgerTopic;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "replay",
    description = "Read again what a job deferred, correct its results, and say what was done.",
    footer = {
      "",
      "Give the settings of the job that deferred; on another cluster its brokers, too."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final String BROKERS = "kafka.bootstrap.servers";
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");
  private static final long LOOK_MILLIS = 500;
  private static final long REPORT_EVERY = 10;
  private static final int CHANCE = 12;

  @Parameters(index = "0", paramLabel = "JOB", description = "the job that deferred: iot")
  private String job;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0",
      description = "events per second to read again; default: as fast as can be")
  private double rate;

  @Mixin private SubmissionOptions options;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    JobName target = JobName.of(job);
    if (target != JobName.IOT) {
      throw SandboxException.wrongUse("job '%s' defers nothing: give iot".formatted(job));
    }
    if (!(rate >= 0 && rate < 1e9)) {
      throw SandboxException.wrongUse(
          "--rate %s: give the events per second, or 0 for no limit".formatted(rate));
    }
    String run = UUID.randomUUID().toString().substring(0, CHANCE);
    Map<String, String> settings = new LinkedHashMap<>(options.settings());
    settings.put("replay.run", run);
    settings.put("replay.job", target.shortName());
    settings.put("replay.rate", String.valueOf(rate));
    return options.otherCluster().isPresent()
        ? onOtherCluster(options.otherCluster().get(), settings)
        : onLocalCluster(settings);
  }

  private int onOtherCluster(String address, Map<String, String> settings)
      throws InterruptedException {
    FlinkRest rest = new FlinkRest(URI.create("http://" + address));
    requireNoneRunning(rest);
    String id =
        new Submission(JobName.REPLAY, settings, options.parallelism(), address, Optional.empty())
            .toOtherCluster(ClusterOptions.stateDir());
    return follow(rest, id, settings, settings.getOrDefault(BROKERS, "localhost:9092"));
  }

  private int onLocalCluster(Map<String, String> settings) throws InterruptedException {
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    FlinkRest rest = new FlinkRest(cluster.rest());
    requireNoneRunning(rest);
    String id =
        cluster.submit(
            JobName.REPLAY.shortName(), settings, options.parallelism(), Optional.empty());
    return follow(rest, id, settings, settings.getOrDefault(BROKERS, cluster.bootstrapServers()));
  }

  private void requireNoneRunning(FlinkRest rest) {
    String name = "Spillway replay of " + JobName.of(job).shortName();
    rest.jobs().stream()
        .filter(running -> running.name().equals(name) && !ENDED.contains(running.state()))
        .findFirst()
        .ifPresent(
            running -> {
              throw SandboxException.failure(
                  "job %s is being replayed already (job %s): wait for it to end or cancel it"
                      .formatted(job, running.id()));
            });
  }

  private int follow(FlinkRest rest, String id, Map<String, String> settings, String brokers)
      throws InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    out.println("job %s  run %s".formatted(id, settings.get("replay.run")));
    String state = rest.jobState(id);
    for (long looks = 1; !ENDED.contains(state); looks++) {
      if (looks % REPORT_EVERY == 0) {
        out.println("  %,d events read again".formatted(readAgain(rest, id)));
      }
      Thread.sleep(LOOK_MILLIS);
      state = rest.jobState(id);
    }
    if (state.equals("FAILED")) {
      throw SandboxException.failure(
          "the replay failed: %s; nothing was corrected".formatted(rest.lastFailure(id)));
    }
    if (state.equals("CANCELED")) {
      throw SandboxException.failure("the replay was cancelled; nothing was corrected");
    }
    summary(
        LedgerTopic.read(brokers, settings.getOrDefault("ledger.topic", "spillway.ledger")),
        settings.get("replay.run"),
        out);
    return 0;
  }

  /** What the source has sent on. */
  private static long readAgain(FlinkRest rest, String id) {
    return rest.get("/jobs/" + id)
        .path("vertices")
        .path(0)
        .path("metrics")
        .path("write-records")
        .asLong();
  }

  private static void summary(LastWord ledger, String run, PrintWriter out) {
    long left = ledger.partitions().stream().mapToLong(p -> ledger.open(p).size()).sum();
    out.println("replayed %,d events".formatted(ledger.settledBy(run, Settlement.Kind.REPLAYED)));
    long gone = ledger.settledBy(run, Settlement.Kind.GONE);
    out.println(
        gone == 0
            ? "gone     0"
            : "gone     %,d: Kafka no longer has them, their windows stay incomplete"
                .formatted(gone));
    out.println(left == 0 ? "left     0" : "left     %,d: deferred since it began".formatted(left));
    if (ledger.unreadable() > 0) {
      out.println(
          "%,d records of the ledger cannot be read and were skipped:"
              .formatted(ledger.unreadable()));
      ledger.problems().forEach(problem -> out.println("  | " + problem));
    }
  }
}
