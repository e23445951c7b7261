package io.spillway.benchmarks.peers;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.benchmarks.overload.OverloadFigures;
import io.spillway.benchmarks.overload.OverloadPlan;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.Submission;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.LoadPlan.Stage;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import io.spillway.sandbox.measure.StageResult;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the job of the demo with each of the peers in turns: a hold at 1.4x after a step from 0.5x,
 * then 5x. After each overload there is time to work off what was queued and to open again, so that
 * a side that queues or opens slowly begins the next stage as it would any. Capacity is measured
 * first, on plain Flink.
 */
public final class PeerRuns {
  private static final int CALIBRATION_SECONDS = 30;
  private static final int START_SECONDS = 20;
  private static final double IDLE = 0.5;

  /**
   * A quarter of the demo's: half a second, by which settling is judged, then holds a thousand
   * events, whose own noise (3 %) is small against the band of 10 %.
   */
  private static final int WORK_MICROS = 1000;

  /** A method that opens again by 1 % a second has to be open when the step comes. */
  private static final int RECOVERY_SECONDS = 20;

  /** For the last entries of the ledger; what waits longer has no result in time. */
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final OnTime onTime = new OnTime("peers");
  private final Collection<Peer> peers;
  private final int rounds;
  private final int warmUp;
  private final int hold;
  private final int overload;

  /** What came out: the capacity, and figures of each round by side, in order. */
  public record Outcome(
      double capacityPerSecond, double holdSeconds, Map<Peer, List<PeerFigures>> figures) {}

  public PeerRuns(boolean quick, Collection<Peer> peers) {
    this.peers = List.copyOf(peers);
    this.rounds = quick ? 1 : 3;
    this.warmUp = quick ? 10 : 15;
    this.hold = quick ? 15 : 24;
    this.overload = quick ? 15 : 30;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    double run = plan(1000).duration().plus(DRAIN).toSeconds() + START_SECONDS;
    return CALIBRATION_SECONDS + rounds * peers.size() * run;
  }

  public Outcome run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", 5, Duration.ofSeconds(overload));
    progress.say("peers: measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, working(demo.plain()), progress);
    LoadPlan plan = plan(capacity);
    Map<Peer, List<PeerFigures>> figures = new EnumMap<>(Peer.class);
    for (int round = 1; round <= rounds; round++) {
      for (Peer peer : peers) {
        progress.say("peers, round %d of %d: %s".formatted(round, rounds, peer.words()));
        Variant variant = variant(demo, peer, capacity);
        Scenario scenario = new Scenario(variant, plan, DRAIN, DRAIN);
        RunResult result = onTime.of(progress, () -> scenario.run(cluster, progress, row -> {}));
        figures
            .computeIfAbsent(peer, none -> new ArrayList<>())
            .add(figures(result, plan, capacity));
      }
    }
    return new Outcome(capacity, hold, figures);
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private static Variant working(Variant variant) {
    return variant.with("work.micros", String.valueOf(WORK_MICROS));
  }

  private static Variant variant(DemoPlan demo, Peer peer, double capacity) {
    if (!peer.sheds()) {
      return working(demo.plain());
    }
    Variant variant = working(demo.spillway()).named(peer.words());
    Map<String, String> settings = peer.settings(capacity / variant.parallelism());
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      variant = variant.with(setting.getKey(), setting.getValue());
    }
    String classes = Peer.class.getProtectionDomain().getCodeSource().getLocation().toString();
    return peer.isOurs() ? variant : variant.withFlink(Submission.CLASS_PATH, classes);
  }

  private static PeerFigures figures(RunResult result, LoadPlan plan, double capacity) {
    if (result.stage(OverloadPlan.CALM).goodputPerSecond() == 0) {
      throw SandboxException.failure(
          "%s: nothing came out at half of the capacity; './spillway status' shows what is up"
              .formatted(result.variant().name()));
    }
    StageResult overload = result.stage(OverloadPlan.AT_5X);
    return new PeerFigures(
        overload.goodputPerSecond(),
        overload.timelyPerSecond(),
        overload.of(Priority.CRITICAL).p99Millis(),
        turnedAway(result.accounts(), Priority.CRITICAL),
        shed(overload),
        shed(result.stage(OverloadPlan.CALM)),
        new OverloadFigures(result.verdict(), result.accounts(), plan, capacity).settleSeconds());
  }

  private static double shed(StageResult stage) {
    long produced = 0;
    long rejected = 0;
    for (Priority priority : Priority.values()) {
      produced += stage.of(priority).produced();
      rejected += stage.of(priority).rejected();
    }
    return rejected / (double) produced;
  }

  private static double turnedAway(Accounts accounts, Priority priority) {
    long count = 0;
    for (Fate fate : Fate.values()) {
      count += fate.isRejection() ? accounts.count(priority, fate) : 0;
    }
    return count;
  }

  private LoadPlan plan(double capacity) {
    return new LoadPlan(
        List.of(
            stage(LoadPlan.WARM_UP, IDLE, warmUp, capacity),
            stage("first overload", 2, 2, capacity),
            stage("after the first overload", IDLE, RECOVERY_SECONDS, capacity),
            stage(OverloadPlan.CALM, IDLE, 6, capacity),
            stage(OverloadPlan.HOLD, 1.4, hold, capacity),
            stage("after the hold", IDLE, hold, capacity),
            stage(OverloadPlan.AT_5X, 5, overload, capacity)),
        Map.of("mix", DemoPlan.MIX));
  }

  private static Stage stage(String name, double factor, int seconds, double capacity) {
    return new Stage(name, factor * capacity, Duration.ofSeconds(seconds));
  }
}
