package io.spillway.benchmarks.payments;

import io.spillway.benchmarks.overload.BacklogRate;
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
 * What exactly once costs: the transaction job reads a backlog of payments as fast as the
 * processors allow, once writing in transactions and once not, in turns. Which comes first changes
 * from round to round, after one that is not counted: whoever runs on compiled code is faster.
 * Every payment is a decision and an account; nothing is shed.
 */
public final class DeliveryTax {
  private static final String TOPIC = "bench.payments";
  private static final String AT_LEAST_ONCE = "at-least-once";
  private static final String EXACTLY_ONCE = "exactly-once";
  private static final int LOAD_PER_SECOND = 20_000;
  private static final int ASSUMED_PER_SECOND = 8_000;

  private final int events;
  private final int rounds;

  /** Payments per second of each round. */
  public record Outcome(List<Double> atLeastOnce, List<Double> exactlyOnce) {}

  public DeliveryTax(boolean quick) {
    this.events = quick ? 200_000 : 400_000;
    this.rounds = quick ? 1 : 3;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return events / (double) LOAD_PER_SECOND
        + (1 + 2 * rounds) * (15 + events / (double) ASSUMED_PER_SECOND);
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    fill(cluster, progress);
    List<Double> atLeastOnce = new ArrayList<>();
    List<Double> exactlyOnce = new ArrayList<>();
    progress.say("payments: warming up, at least once");
    rate(cluster, AT_LEAST_ONCE, 0);
    for (int round = 1; round <= rounds; round++) {
      boolean swapped = round % 2 == 0;
      for (String delivery :
          swapped ? List.of(AT_LEAST_ONCE, EXACTLY_ONCE) : List.of(EXACTLY_ONCE, AT_LEAST_ONCE)) {
        progress.say("payments, round %d of %d: %s".formatted(round, rounds, delivery));
        (delivery.equals(AT_LEAST_ONCE) ? atLeastOnce : exactlyOnce)
            .add(rate(cluster, delivery, round));
      }
    }
    cluster.deleteTopic(TOPIC);
    return new Outcome(atLeastOnce, exactlyOnce);
  }

  /** Each run reads from the start, so it needs a group of its own. */
  private double rate(LocalCluster cluster, String delivery, int round) {
    String group = "bench-%s-%d-%d".formatted(delivery, round, System.nanoTime());
    Variant variant =
        new Variant(
            delivery,
            "transactions",
            2,
            Map.of(
                "input.topic", TOPIC,
                "input.mode", "mixed",
                "kafka.group.id", group,
                "kafka.delivery", delivery));
    return BacklogRate.of(cluster, variant, events);
  }

  private void fill(LocalCluster cluster, Progress progress) {
    progress.say("payments: writing a backlog of %d".formatted(events));
    cluster.deleteTopic(TOPIC);
    cluster.createTopic(TOPIC, 4, Map.of());
    long millis = events * 1000L / LOAD_PER_SECOND;
    LoadProcess load =
        cluster.load(
            Map.of(
                "events",
                "transactions",
                "topic",
                TOPIC,
                "topic.mode",
                "mixed",
                "mix",
                "critical=100,high=0,normal=0,bulk=0",
                "profile",
                LOAD_PER_SECOND + ":" + millis + "ms"));
    load.await(Duration.ofMillis(millis).plusSeconds(60));
    try (Topics topics = new Topics(cluster.bootstrapServers())) {
      if (topics.written(TOPIC) < events * 0.99) {
        throw SandboxException.failure(
            "the backlog has %d of %d payments (log: %s)"
                .formatted(topics.written(TOPIC), events, load.log()));
      }
    }
  }
}
