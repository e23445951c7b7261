package io.spillway.benchmarks.overload;

import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * M9: what Spillway costs a job that is not overloaded. Simulated work would hide it (a thread that
 * waits has time for anything), so there is none: both variants read the same backlog from Kafka as
 * fast as the processors allow, decode, aggregate on RocksDB, checkpoint, and what counts is how
 * fast they do it ({@link BacklogRate}).
 *
 * <p>Everything is on: two lanes, admission, ledger, controller, metrics. As a job at its limit
 * would shed, and then be paid for work it does not do, its priorities are declared {@code
 * never-shed}: overload becomes backpressure, every event is processed in both variants. The one
 * thing this leaves out is hash and threshold of each event, which M8 measures in nanoseconds. No
 * event is CRITICAL, so that no alert per event dilutes the difference; receipts are off.
 *
 * <p>Two runs of one variant differ by some percent, more than the difference that is asked for, so
 * there are many short rounds, and the variants take turns in who is first.
 */
public final class IdleThroughput {
  private static final String TOPIC = "bench.idle";
  private static final String PRIORITIES = "critical,high,normal";
  private static final int LOAD_PER_SECOND = 60_000;
  private static final int ASSUMED_PER_SECOND = 100_000;

  private final int events;
  private final int rounds;

  /** Events per second of each round. */
  public record Outcome(List<Double> bare, List<Double> spillway) {}

  public IdleThroughput(boolean quick) {
    this.events = quick ? 900_000 : 1_800_000;
    this.rounds = quick ? 1 : 9;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return events / (double) LOAD_PER_SECOND
        + 2 * rounds * (10 + events / (double) ASSUMED_PER_SECOND);
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    fill(cluster, progress);
    List<Double> bare = new ArrayList<>();
    List<Double> spillway = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      boolean bareFirst = round % 2 == 1;
      if (bareFirst) {
        bare.add(bareRate(cluster, round, progress));
      }
      spillway.add(rate(cluster, "everything on", variant("spillway", round), round, progress));
      if (!bareFirst) {
        bare.add(bareRate(cluster, round, progress));
      }
    }
    cluster.deleteTopic(TOPIC);
    return new Outcome(bare, spillway);
  }

  private double bareRate(LocalCluster cluster, int round, Progress progress) {
    Variant bare =
        variant("bare", round).with("admission.enabled", "false").with("lanes", "single");
    return rate(cluster, "bare job", bare, round, progress);
  }

  private double rate(
      LocalCluster cluster, String words, Variant variant, int round, Progress progress) {
    progress.say("idle throughput, round %d of %d: %s".formatted(round, rounds, words));
    return BacklogRate.of(cluster, variant, events);
  }

  private void fill(LocalCluster cluster, Progress progress) {
    progress.say("idle throughput: writing a backlog of %d events".formatted(events));
    cluster.deleteTopic(TOPIC);
    cluster.createTopic(TOPIC, 4, Map.of());
    long millis = events * 1000L / LOAD_PER_SECOND;
    LoadProcess load =
        cluster.load(
            Map.of(
                "topic",
                TOPIC,
                "mix",
                "critical=0,high=30,normal=70,bulk=0",
                "profile",
                LOAD_PER_SECOND + ":" + millis + "ms"));
    load.await(Duration.ofMillis(millis).plusSeconds(60));
    try (Topics topics = new Topics(cluster.bootstrapServers())) {
      if (topics.written(TOPIC) < events * 0.99) {
        throw SandboxException.failure(
            "the backlog has %d of %d events (log: %s)"
                .formatted(topics.written(TOPIC), events, load.log()));
      }
    }
  }

  /** Each run reads from the start, so it needs a group of its own. */
  private static Variant variant(String name, int round) {
    String group = "bench-" + name + "-" + round + "-" + System.nanoTime();
    return new Variant(
        name,
        JobName.IOT.shortName(),
        2,
        Map.of(
            "input.topic", TOPIC,
            "kafka.group.id", group,
            "lanes.express", PRIORITIES,
            "admission.never-shed", PRIORITIES));
  }
}
