package io.spillway.sandbox.cli;

import io.spillway.ledger.LastWord;
import io.spillway.ledger.Settlement;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Submission;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.replay.IdleReplay;
import io.spillway.sandbox.replay.LiveLoad;
import io.spillway.sandbox.replay.SpareCapacity;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
  private static final String LIVE = "Spillway IoT ingestion";
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

  @Option(
      names = "--when-idle",
      description =
          "begin when the live job has had capacity to spare for a while, and make way when it has"
              + " none: stopped with a savepoint, the replay goes on from there later")
  private boolean whenIdle;

  @Option(
      names = "--idle-for",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "with --when-idle: how long there has to be capacity to spare (default: ${DEFAULT-VALUE});"
              + " twice as long each time the replay had to make way, up to 10 minutes")
  private int idleSeconds;

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
    if (idleSeconds < 0) {
      throw SandboxException.wrongUse(
          "--idle-for %d: give a number of seconds".formatted(idleSeconds));
    }
    Map<String, String> settings = new LinkedHashMap<>(options.settings());
    settings.put("replay.run", run);
    settings.put("replay.job", target.shortName());
    if (rate > 0) {
      settings.put("replay.rate", String.valueOf(rate));
    }
    return options.otherCluster().isPresent()
        ? onOtherCluster(options.otherCluster().get(), settings)
        : onLocalCluster(settings);
  }

  private int onOtherCluster(String address, Map<String, String> settings)
      throws InterruptedException {
    return replay(
        new FlinkRest(URI.create("http://" + address)),
        settings,
        settings.getOrDefault(BROKERS, "localhost:9092"),
        (all, savepoint) ->
            new Submission(JobName.REPLAY, all, options.parallelism(), address, savepoint, Map.of())
                .toOtherCluster(ClusterOptions.stateDir()));
  }

  private int onLocalCluster(Map<String, String> settings) throws InterruptedException {
    LocalCluster cluster = LocalCluster.require(ClusterOptions.stateDir());
    return replay(
        new FlinkRest(cluster.rest()),
        settings,
        settings.getOrDefault(BROKERS, cluster.bootstrapServers()),
        (all, savepoint) ->
            cluster.submit(JobName.REPLAY.shortName(), all, options.parallelism(), savepoint));
  }

  private int replay(
      FlinkRest rest, Map<String, String> settings, String brokers, IdleReplay.Submitter submitter)
      throws InterruptedException {
    requireNoneRunning(rest);
    PrintWriter out = command.commandLine().getOut();
    String id;
    if (whenIdle) {
      SpareCapacity spare = new SpareCapacity(Duration.ofSeconds(idleSeconds));
      id =
          new IdleReplay(rest, new LiveLoad(rest, LIVE), spare, submitter, out::println)
              .run(settings);
    } else {
      id = submitter.submit(settings, Optional.empty());
      out.println("job %s  run %s".formatted(id, settings.get("replay.run")));
      follow(rest, id, out);
    }
    requireSuccess(rest, id);
    summary(
        LedgerTopic.read(brokers, settings.getOrDefault("ledger.topic", "spillway.ledger")),
        settings.get("replay.run"),
        out);
    return 0;
  }

  private void requireNoneRunning(FlinkRest rest) {
    String name = "Spillway replay of " + JobName.of(job).shortName();
    rest.jobs().stream()
        .filter(running -> running.name().equals(name) && !running.hasEnded())
        .findFirst()
        .ifPresent(
            running -> {
              throw SandboxException.failure(
                  "job %s is being replayed already (job %s): wait for it to end or cancel it"
                      .formatted(job, running.id()));
            });
  }

  private static void follow(FlinkRest rest, String id, PrintWriter out)
      throws InterruptedException {
    for (long looks = 1; !rest.hasEnded(id); looks++) {
      if (looks % REPORT_EVERY == 0) {
        out.println("  %,d events read again".formatted(readAgain(rest, id)));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static void requireSuccess(FlinkRest rest, String id) {
    switch (rest.jobState(id)) {
      case "FAILED" ->
          throw SandboxException.failure(
              "the replay failed: %s; nothing was corrected".formatted(rest.lastFailure(id)));
      case "CANCELED" ->
          throw SandboxException.failure("the replay was cancelled; nothing was corrected");
      default -> {}
    }
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
