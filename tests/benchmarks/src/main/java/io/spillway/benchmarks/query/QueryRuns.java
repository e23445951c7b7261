package io.spillway.benchmarks.query;

import io.spillway.benchmarks.loads.OnTime;
import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.demo.DemoPlan;
import io.spillway.sandbox.measure.Calibration;
import io.spillway.sandbox.measure.LiveRow;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the job of the demo at five times its capacity and asks a question in SQL meanwhile, through
 * the SQL gateway, with the client of {@code ./spillway sql}. The query reads what the job reads,
 * on the same machine.
 */
public final class QueryRuns {
  private static final int START_SECONDS = 50;
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final OnTime onTime = new OnTime("sql");
  private final boolean quick;
  private final int rounds;

  /**
   * One run; p99 of CRITICAL in milliseconds.
   *
   * @param without mean of before and after
   * @param lines lines of answer that had come when the query was ended
   */
  public record Round(double without, double starting, double with, long lines) {
    public double ratio() {
      return with / without;
    }
  }

  public QueryRuns(boolean quick) {
    this.quick = quick;
    this.rounds = quick ? 1 : 3;
  }

  /** Seconds it will take, about. */
  public double seconds() {
    return START_SECONDS + rounds * (new QueryPlan(1000, quick).load().duration().toSeconds() + 20);
  }

  /**
   * Runs them.
   *
   * @param question a file of {@code sql/}
   */
  public List<Round> run(LocalCluster cluster, String question, Progress progress) {
    cluster.startSqlGateway(progress);
    DemoPlan demo = new DemoPlan("iot", 5, Duration.ofSeconds(10));
    progress.say("measuring capacity on plain Flink");
    double capacity = Calibration.capacity(cluster, demo.plain(), progress);
    List<Round> results = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      progress.say(
          "ad-hoc query at 5x of %.0f events/s, round %d of %d".formatted(capacity, round, rounds));
      results.add(round(cluster, demo, capacity, cluster.sqlFile(question), progress));
    }
    return results;
  }

  /** How late the generators were. */
  public OnTime onTime() {
    return onTime;
  }

  private Round round(
      LocalCluster cluster, DemoPlan demo, double capacity, Path question, Progress progress) {
    QueryPlan plan = new QueryPlan(capacity, quick);
    Scenario scenario = new Scenario(demo.spillway(), plan.load(), DRAIN, DRAIN);
    Answered answered =
        onTime.of(
            progress,
            () -> answered(cluster, scenario, question, progress),
            any -> any.run().generatorLag().p99Millis());
    if (answered.lines() == 0) {
      throw SandboxException.failure(
          "the query gave no answer while the job ran; the log is in %s"
              .formatted(cluster.spec().stateDir().resolve("log")));
    }
    RunResult run = onTime.whole(answered.run());
    return new Round(
        (p99(run, QueryPlan.BEFORE) + p99(run, QueryPlan.AFTER)) / 2,
        p99(run, QueryPlan.STARTING),
        p99(run, QueryPlan.WITH),
        answered.lines());
  }

  private record Answered(RunResult run, long lines) {}

  private static Answered answered(
      LocalCluster cluster, Scenario scenario, Path question, Progress progress) {
    try (Asking asking = new Asking(cluster, question)) {
      RunResult run = scenario.run(cluster, progress, asking::at);
      return new Answered(run, asking.lines);
    }
  }

  private static double p99(RunResult run, String stage) {
    return run.of(Priority.CRITICAL, stage).p99Millis();
  }

  /** Asks and stops asking as the stages of the load come. */
  private static final class Asking implements AutoCloseable {
    private final LocalCluster cluster;
    private final Path question;
    private AdHocQuery query;
    private long lines;

    Asking(LocalCluster cluster, Path question) {
      this.cluster = cluster;
      this.question = question;
    }

    void at(LiveRow row) {
      if (row.stage().equals(QueryPlan.STARTING) && query == null) {
        query = AdHocQuery.ask(cluster, question);
      }
      if (row.stage().equals(QueryPlan.ENDING) && query != null && lines == 0) {
        lines = query.lines();
        query.close();
      }
    }

    @Override
    public void close() {
      if (query != null) {
        query.close();
      }
    }
  }
}
