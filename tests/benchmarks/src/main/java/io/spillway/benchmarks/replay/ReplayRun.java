package io.spillway.benchmarks.replay;

import io.spillway.admission.Outcome;
import io.spillway.benchmarks.loads.OnTime;
import io.spillway.benchmarks.overload.BacklogRate;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Settlement;
import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LedgerTopic;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.ProducedWindows.Comparison;
import io.spillway.sandbox.measure.PrometheusScrape;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.measure.WindowTopics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * M13: five times the capacity, everything but CRITICAL is deferred where there is no room; the
 * load falls, and a replay reads the deferred events again. A TaskManager is killed in the middle
 * of the overload, another time in the middle of the replay. Then every window is computed again
 * from all events of the input.
 */
public final class ReplayRun {
  private static final double FACTOR = 5;
  private static final String OVERLOAD = "overload";
  private static final String EVENTS = "iot.events";
  private static final String AGGREGATES = "iot.aggregates";
  private static final String CORRECTIONS = "iot.corrections";
  private static final String LEDGER = "spillway.ledger";
  private static final String RUN = "bench";
  private static final Duration WINDOW = Duration.ofSeconds(2);

  /** Longer than the time between two checkpoints, so that the kill comes after one. */
  private static final int REPLAY_SECONDS = 26;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final OnTime onTime = new OnTime("replay", OnTime.LATEST_MILLIS_AMONG_STARTS);
  private final Duration calm = Duration.ofSeconds(4);
  private final Duration overload;
  private final Duration recovery = Duration.ofSeconds(6);

  /**
   * What came out.
   *
   * @param deferred events, by what the ledger says in the end
   * @param replayed events, by what the ledger says after the replay
   * @param left deferred events that no replay has settled
   */
  public record Result(
      long produced, long deferred, long replayed, long left, Comparison windows) {}

  public ReplayRun(boolean quick) {
    this.overload = Duration.ofSeconds(quick ? 12 : 40);
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return 55 + calm.plus(overload).plus(recovery).toSeconds() + REPLAY_SECONDS;
  }

  public Result run(LocalCluster cluster, double capacityPerSecond, Progress progress) {
    Variant variant =
        new DemoPlan("iot", FACTOR, Duration.ofSeconds(10))
            .spillway()
            .with("kafka.delivery", "exactly-once")
            .with("window.size", WINDOW.toMillis() + "ms");
    for (String priority : List.of("high", "normal", "bulk")) {
      variant = variant.with("admission.overload." + priority, "defer");
    }
    LoadPlan plan =
        LoadPlan.surge(capacityPerSecond, FACTOR, calm, overload, recovery)
            .with("mix", DemoPlan.MIX);
    cluster.deleteTopic(CORRECTIONS);
    RunResult live = KilledRun.of(cluster, variant, plan, OVERLOAD, onTime, progress);
    long deferred = live.accounts().count(Fate.DEFERRED);
    if (deferred == 0) {
      throw SandboxException.failure("nothing was deferred at %.0fx".formatted(FACTOR));
    }
    progress.say("replay of %d deferred events of %d".formatted(deferred, plan.events()));
    replay(cluster, variant, deferred, progress);
    progress.say("comparing every window with all events of the input");
    LastWord ledger = LedgerTopic.read(cluster.bootstrapServers(), LEDGER);
    return new Result(
        live.accounts().produced(),
        total(ledger, partition -> ledger.rejected(partition, Outcome.DEFERRED)),
        ledger.settledBy(RUN, Settlement.Kind.REPLAYED),
        total(ledger, ledger::open),
        new WindowTopics(EVENTS, AGGREGATES, CORRECTIONS)
            .compare(cluster.bootstrapServers(), WINDOW));
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private static long total(LastWord ledger, Function<InputPartition, OffsetSet> offsets) {
    return ledger.partitions().stream().map(offsets).mapToLong(OffsetSet::size).sum();
  }

  private static void replay(LocalCluster cluster, Variant live, long deferred, Progress progress) {
    Map<String, String> settings = new LinkedHashMap<>(live.settings());
    settings.put("work.micros", "0");
    settings.put("replay.run", RUN);
    settings.put("replay.rate", String.valueOf(Math.max(1, deferred / REPLAY_SECONDS)));
    String job = cluster.submit("replay", settings, live.parallelism(), Optional.empty());
    PrometheusScrape scrape = new PrometheusScrape(cluster.metricsEndpoints());
    FlinkRest rest = new FlinkRest(cluster.rest());
    Killing killing = new Killing(cluster, progress);
    boolean halfDone =
        Await.until(LIMIT, () -> isOver(rest, job) || BacklogRate.seen(scrape) > 0.6 * deferred);
    if (halfDone && !isOver(rest, job)) {
      killing.kill();
    }
    boolean ended = Await.until(LIMIT, () -> isOver(rest, job));
    if (!ended || !rest.jobState(job).equals("FINISHED")) {
      throw SandboxException.failure(
          "the replay (job %s) is %s: %s"
              .formatted(job, rest.jobState(job), rest.lastFailure(job)));
    }
    killing.requireHit();
  }

  private static boolean isOver(FlinkRest rest, String job) {
    return List.of("FINISHED", "FAILED", "CANCELED").contains(rest.jobState(job));
  }
}
