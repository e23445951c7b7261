package io.spillway.benchmarks.replay;

import io.spillway.benchmarks.overload.BacklogRate;
import io.spillway.ledger.LastWord;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Topics;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.measure.PrometheusScrape;
import io.spillway.sandbox.measure.RunningJob;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a ledger weighs, and how fast its deferred events are read again. A job is given five times
 * what its workers can do and defers the rest; its ledger is measured as it lies on disk. Then the
 * same range is read, as fast as the processors allow: in turns by the plain job, every event of
 * it, and by a replay, the deferred ones. Both put them through the same stages into the same kinds
 * of sinks, exactly once. Both have done so once before it counts. No replay gets to its end, so
 * each finds the same to do.
 *
 * <p>No event is CRITICAL: those are not deferred, and their alerts would only slow the plain job
 * down.
 */
public final class DeferredRange {
  /** Subtasks of every job here. */
  public static final int WORKERS = 2;

  /** The overload. */
  public static final int FACTOR = 5;

  private static final int WORK_MICROS = 1000;
  private static final int LOAD_PER_SECOND = FACTOR * WORKERS * 1_000_000 / WORK_MICROS;
  private static final String INPUT = "bench.replay";
  private static final String LEDGER = INPUT + ".ledger";
  private static final String AGGREGATES = INPUT + ".aggregates";
  private static final String CORRECTIONS = INPUT + ".corrections";
  private static final String MIX = "critical=0,high=15,normal=40,bulk=45";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int ASSUMED_PER_SECOND = 80_000;

  private final int seconds;
  private final int rounds;
  private final boolean withReplay;

  /**
   * What came out.
   *
   * @param ledgerBytes and the input's, on the broker's disk
   * @param plainPerSecond events per second of each round
   * @param replayPerSecond the same; empty where no replay was asked for
   */
  public record Outcome(
      long events,
      long deferred,
      long ledgerBytes,
      long inputBytes,
      List<Double> plainPerSecond,
      List<Double> replayPerSecond) {}

  public DeferredRange(boolean quick, boolean withReplay) {
    this.seconds = quick ? 30 : 75;
    this.rounds = quick ? 1 : 3;
    this.withReplay = withReplay;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    double read = 18 + (double) seconds * LOAD_PER_SECOND / ASSUMED_PER_SECOND;
    return seconds + 30 + (rounds + 1) * read * (withReplay ? 2 : 1);
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    List<String> topics = List.of(INPUT, LEDGER, AGGREGATES, CORRECTIONS);
    topics.forEach(cluster::deleteTopic);
    cluster.createTopic(INPUT, 4, Map.of());
    progress.say(
        "deferring: %d events/s to %d workers that can do a fifth of it for %d s"
            .formatted(LOAD_PER_SECOND, WORKERS, seconds));
    defer(cluster);
    LastWord ledger = LedgerTopic.read(cluster.bootstrapServers(), LEDGER);
    long deferred = ledger.partitions().stream().mapToLong(p -> ledger.open(p).size()).sum();
    long events;
    long ledgerBytes;
    long inputBytes;
    try (Topics broker = new Topics(cluster.bootstrapServers())) {
      events = broker.written(INPUT);
      ledgerBytes = broker.bytes(LEDGER);
      inputBytes = broker.bytes(INPUT);
    }
    List<Double> plain = new ArrayList<>();
    List<Double> replay = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      String which = round == 0 ? "warm-up" : "round %d of %d".formatted(round, rounds);
      progress.say("reading %d events, %s: plain".formatted(events, which));
      plain.add(BacklogRate.of(cluster, plain(), events));
      if (withReplay) {
        progress.say("reading %d deferred events, %s: replay".formatted(deferred, which));
        replay.add(BacklogRate.of(cluster, replay(), deferred));
      }
    }
    topics.forEach(cluster::deleteTopic);
    return new Outcome(events, deferred, ledgerBytes, inputBytes, warm(plain), warm(replay));
  }

  private static List<Double> warm(List<Double> rates) {
    return rates.isEmpty() ? rates : List.copyOf(rates.subList(1, rates.size()));
  }

  private void defer(LocalCluster cluster) {
    Variant live = variant("live", JobName.IOT).with("work.micros", String.valueOf(WORK_MICROS));
    for (String priority : List.of("high", "normal", "bulk")) {
      live = live.with("admission.overload." + priority, "defer");
    }
    try (RunningJob job = RunningJob.start(cluster, live);
        Topics broker = new Topics(cluster.bootstrapServers())) {
      LoadProcess load =
          cluster.load(
              Map.of("topic", INPUT, "mix", MIX, "profile", LOAD_PER_SECOND + ":" + seconds + "s"));
      load.await(Duration.ofSeconds(seconds).plus(LIMIT));
      PrometheusScrape scrape = new PrometheusScrape(cluster.metricsEndpoints());
      long events = broker.written(INPUT);
      if (!Await.until(LIMIT, () -> BacklogRate.seen(scrape) >= events)) {
        throw SandboxException.failure(
            "job %s has seen %.0f of %d events"
                .formatted(job.id(), BacklogRate.seen(scrape), events));
      }
      job.drain();
    }
  }

  private static Variant plain() {
    return variant("plain", JobName.IOT).with("admission.enabled", "false").with("lanes", "single");
  }

  private static Variant replay() {
    Variant replay = variant("replay", JobName.REPLAY);
    return replay
        .with("corrections.topic", CORRECTIONS)
        .with("replay.run", replay.settings().get("kafka.group.id"));
  }

  /** Each run reads from the start, so it needs a group of its own. */
  private static Variant variant(String name, JobName job) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("input.topic", INPUT);
    settings.put("ledger.topic", LEDGER);
    settings.put("aggregates.topic", AGGREGATES);
    settings.put("kafka.delivery", "exactly-once");
    settings.put("kafka.group.id", "bench-" + name + "-" + System.nanoTime());
    return new Variant(name, job.shortName(), WORKERS, settings);
  }
}
