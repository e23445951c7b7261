package io.spillway.benchmarks.edge;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.edge.AdmissionFollower;
import io.spillway.edge.EdgeOptions;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.RunningJob;
import io.spillway.sandbox.measure.Variant;
import io.spillway.sandbox.produce.ExampleProducer;
import io.spillway.sandbox.produce.ProducerPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the job of the demo with the example producer, which would send two and a half times what
 * the job can process: once it follows what the job publishes, once it does not.
 */
public final class EdgeRuns {
  private static final double OVERLOAD = 2.5;
  private static final double WARM_UP = 0.7;
  private static final String REPORTS = "spillway.admission";
  private static final int START_SECONDS = 60;
  private static final Duration WARM_UP_LENGTH = Duration.ofSeconds(8);
  private static final Duration SETTLE = Duration.ofSeconds(8);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final OnTime onTime = new OnTime("edge", OnTime.LATEST_MILLIS_AMONG_STARTS);
  private final int rounds;
  private final Duration measured;

  /**
   * What came of the events of one run, once it had settled.
   *
   * @param wanted what the producer would have sent
   */
  public record Side(
      long wanted, long sent, long turnedAway, long delivered, double deliveredPerSecond) {
    /** Share of what was sent that was sent for nothing. */
    public double turnedAwayShare() {
      return sent == 0 ? Double.NaN : (double) turnedAway / sent;
    }
  }

  /** Both, one after the other. */
  public record Round(Side heedless, Side following) {}

  public EdgeRuns(boolean quick) {
    this.rounds = quick ? 1 : 3;
    this.measured = Duration.ofSeconds(quick ? 20 : 40);
  }

  /** Seconds it will take, about. */
  public double seconds() {
    double run = WARM_UP_LENGTH.plus(SETTLE).plus(measured).toSeconds() + 25;
    return START_SECONDS + 2 * rounds * run;
  }

  /** Runs both sides in turns. */
  public List<Round> run(LocalCluster cluster, Progress progress) {
    DemoPlan demo = new DemoPlan("iot", OVERLOAD, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    Variant job = demo.spillway().with("admission.publish.topic", REPORTS);
    List<Round> results = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say("a heedless producer, round %d of %d".formatted(round, rounds));
      // What a producer that follows does not send, it holds back: only the other can be late.
      Side heedless =
          onTime.of(progress, () -> run(cluster, job, capacity, false), this::behindMillis);
      progress.say("one that follows, round %d of %d".formatted(round, rounds));
      results.add(new Round(heedless, run(cluster, job, capacity, true)));
    }
    return results;
  }

  /** How late the producers were that heed nobody. */
  public OnTime onTime() {
    return onTime;
  }

  /** How much later the last event came than it was meant to, going by what is missing. */
  private double behindMillis(Side side) {
    return measured.toMillis() * (1 - (double) side.sent() / side.wanted());
  }

  private Side run(LocalCluster cluster, Variant job, double capacity, boolean following) {
    freshTopics(cluster, job);
    String input = JobName.of(job.job()).input();
    try (Judge judge = new Judge(cluster.bootstrapServers(), job.topics());
        RunningJob running = RunningJob.start(cluster, job);
        ExampleProducer producer = new ExampleProducer(cluster.bootstrapServers());
        AdmissionFollower follower =
            following
                ? AdmissionFollower.start(
                    EdgeOptions.of(REPORTS, input),
                    Map.of("bootstrap.servers", cluster.bootstrapServers()))
                : null) {
      producer.send(plan(input, WARM_UP * capacity, WARM_UP_LENGTH), follower);
      long begin = System.currentTimeMillis();
      ProducerPlan overload = plan(input, OVERLOAD * capacity, SETTLE.plus(measured));
      producer.send(overload, follower);
      drain(judge, running);
      return side(judge.accounts(), overload, begin + SETTLE.toMillis());
    }
  }

  private void drain(Judge judge, RunningJob running) {
    long end = System.nanoTime() + DRAIN_LIMIT.toNanos();
    do {
      judge.catchUp(POLL);
    } while ((!judge.isAtEnd() || judge.accounts().count(Fate.UNACCOUNTED) > 0)
        && System.nanoTime() < end);
    if (judge.accounts().count(Fate.UNACCOUNTED) > 0) {
      throw SandboxException.failure(
          "%d events of job %s are not accounted for %d s after the load"
              .formatted(
                  judge.accounts().count(Fate.UNACCOUNTED), running.id(), DRAIN_LIMIT.toSeconds()));
    }
  }

  private Side side(Accounts accounts, ProducerPlan plan, long fromMillis) {
    long toMillis = fromMillis + measured.toMillis();
    long[] sums = new long[4];
    accounts.forEach(
        (priority, fate, sent, done) -> {
          if (sent >= fromMillis && sent < toMillis) {
            sums[0]++;
            sums[1] += fate.isRejection() ? 1 : 0;
            sums[2] += fate == Fate.DELIVERED ? 1 : 0;
          }
          sums[3] += fate == Fate.DELIVERED && done >= fromMillis && done < toMillis ? 1 : 0;
        });
    double seconds = measured.toMillis() / 1000.0;
    long wanted =
        Math.round(
            Stream.of(Priority.values()).mapToLong(plan::wanted).sum()
                * seconds
                * 1000
                / plan.length().toMillis());
    return new Side(wanted, sums[0], sums[1], sums[2], sums[3] / seconds);
  }

  private static ProducerPlan plan(String topic, double perSecond, Duration length) {
    return ProducerPlan.of(topic, perSecond, DemoPlan.MIX, length);
  }

  private static void freshTopics(LocalCluster cluster, Variant job) {
    Stream.of(
            job.topics().inputs(),
            List.of(job.topics().receipts(), job.topics().ledger(), job.topics().deadLetters()),
            List.of(REPORTS))
        .flatMap(List::stream)
        .forEach(cluster::deleteTopic);
    cluster.createTopics(JobName.of(job.job()), job.settings());
  }
}
