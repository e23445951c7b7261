package io.spillway.sandbox.measure;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One run of one variant under one load on a real cluster: fresh topics, submit, load, wait until
 * all that was produced is accounted for, cancel, judge. What is left of it afterwards is the
 * topics. Blocks the calling thread, which is also the one that calls the observer; an observer may
 * take its time, for example to kill a TaskManager.
 *
 * @param drainLimit how long to wait after the load for the rest of the results; with zero the run
 *     ends with the load, whatever is still on its way
 * @param quietLimit gives up earlier if nothing at all becomes accounted for in this time
 */
public record Scenario(Variant variant, LoadPlan plan, Duration drainLimit, Duration quietLimit) {
  private static final Duration QUIET_LIMIT = Duration.ofSeconds(120);

  /** At these rates a load costs little; compiling its generator to the last would cost more. */
  private static final List<String> SPARING_JVM =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Duration LOAD_START_LIMIT = Duration.ofSeconds(60);

  /** A run that waits for everything, up to 15 minutes. */
  public Scenario(Variant variant, LoadPlan plan) {
    this(variant, plan, Duration.ofMinutes(15), QUIET_LIMIT);
  }

  /** Runs a variant under a load. */
  public static RunResult run(
      LocalCluster cluster, Variant variant, LoadPlan plan, Progress progress) {
    return new Scenario(variant, plan).run(cluster, progress, row -> {});
  }

  /**
   * Runs it.
   *
   * @param observer is told about once a second how it goes
   * @throws SandboxException if the job or the load does not start or ends on its own
   */
  public RunResult run(LocalCluster cluster, Progress progress, Consumer<LiveRow> observer) {
    return run(cluster, progress, observer, job(cluster), false);
  }

  /**
   * Runs it with a program that stands beside the cluster in place of the job; the variant names
   * the topics and the load. It is started when the topics are there, and closed in every case.
   *
   * @throws SandboxException if the program or the load does not start or ends on its own
   */
  public RunResult runProgram(
      LocalCluster cluster, Progress progress, Supplier<? extends Processing> program) {
    return run(cluster, progress, row -> {}, program, false);
  }

  /**
   * Runs it, and does not cancel the job in the end but ends it with all that is in it: open
   * windows come out, transactions are committed.
   *
   * @param observer is told about once a second how it goes
   * @throws SandboxException if the job or the load does not start or ends on its own
   */
  public RunResult runToTheEnd(
      LocalCluster cluster, Progress progress, Consumer<LiveRow> observer) {
    return run(cluster, progress, observer, job(cluster), true);
  }

  private Supplier<Processing> job(LocalCluster cluster) {
    return () -> RunningJob.start(cluster, variant);
  }

  private RunResult run(
      LocalCluster cluster,
      Progress progress,
      Consumer<LiveRow> observer,
      Supplier<? extends Processing> start,
      boolean toTheEnd) {
    freshTopics(cluster);
    progress.say("%s: job %s is starting".formatted(variant.name(), variant.job()));
    try (Judge judge = new Judge(cluster.bootstrapServers(), variant.topics());
        Processing job = start.get()) {
      progress.say("%s: job %s runs, load is starting".formatted(variant.name(), job.id()));
      RunRecorder recorder =
          new RunRecorder(
              variant, plan, judge, new PrometheusScrape(cluster.metricsEndpoints()), observer);
      LoadProcess load = cluster.load(generatorSettings(), SPARING_JVM);
      try {
        follow(load, recorder);
        recorder.catchUp();
        if (!drainLimit.isZero()) {
          drain(recorder);
        }
        if (toTheEnd) {
          job.drain();
          recorder.catchUp();
        }
      } finally {
        load.stop();
      }
      return recorder.result(job.failure());
    }
  }

  private void follow(LoadProcess load, RunRecorder recorder) {
    Duration limit = plan.duration().plus(LOAD_START_LIMIT);
    long endNanos = System.nanoTime() + limit.toNanos();
    while (load.isAlive()) {
      recorder.step();
      boolean isOver = recorder.elapsed().compareTo(plan.duration()) >= 0;
      if (isOver && drainLimit.isZero()) {
        return;
      }
      if (System.nanoTime() > endNanos) {
        throw SandboxException.failure(
            "the load generator is still sending after %d s, its profile lasts %d s (log: %s)"
                .formatted(limit.toSeconds(), plan.duration().toSeconds(), load.log()));
      }
    }
    load.await(Duration.ofSeconds(1));
    recorder.catchUp();
    if (recorder.elapsed().isZero()) {
      throw SandboxException.failure(
          "the load generator ended without an event (log: %s)".formatted(load.log()));
    }
  }

  private void drain(RunRecorder recorder) {
    long now = System.nanoTime();
    long endNanos = now + drainLimit.toNanos();
    long quietNanos = now + quietLimit.toNanos();
    long waiting = Long.MAX_VALUE;
    while (now < endNanos && now < quietNanos) {
      recorder.step();
      now = System.nanoTime();
      if (recorder.waiting() == 0 && recorder.hasReadAll()) {
        return;
      }
      if (recorder.waiting() != waiting) {
        waiting = recorder.waiting();
        quietNanos = now + quietLimit.toNanos();
      }
    }
  }

  private void freshTopics(LocalCluster cluster) {
    List<String> topics = new ArrayList<>(variant.topics().all());
    JobName job = JobName.of(variant.job());
    topics.addAll(job.results(variant.settings()));
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      topics.forEach(broker::delete);
    }
    cluster.createTopics(job, variant.settings());
  }

  private Map<String, String> generatorSettings() {
    Map<String, String> settings = new LinkedHashMap<>(plan.generator());
    settings.put("profile", plan.profile());
    JobName job = JobName.of(variant.job());
    settings.putIfAbsent("events", job.shortName());
    settings.putIfAbsent("topic", variant.settings().getOrDefault("input.topic", job.input()));
    settings.putIfAbsent(
        "topic.mode", variant.settings().getOrDefault("input.mode", job.inputMode()));
    return settings;
  }
}
