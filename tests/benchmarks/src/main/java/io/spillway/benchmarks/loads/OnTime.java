package io.spillway.benchmarks.loads;

import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.measure.RunResult;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The rule of every race about its load: a run whose generator was late had another load than it
 * was meant to have, and says nothing of the job. It is thrown away and made once more, and after
 * {@value #TRIES} such runs nothing is claimed.
 *
 * <p>Late is what the generator alone was: from when an event was to be sent until it gave it to
 * its producer, whose stamp is on the record in the input. How long the job then takes, or whether
 * it takes the event at all, is not in it; so plain Flink, which is minutes behind in overload, is
 * judged as everybody else.
 *
 * <p>A job that fails and is started again has other figures than its method has, so where nobody
 * kills anything such a run ends the race, with what the job failed with. Not thread safe: one for
 * each race.
 */
public final class OnTime {
  /** For most races, 99th percentile: a twentieth of what counts as in time. */
  public static final double LATEST_MILLIS = 50;

  /**
   * Where JVMs are killed and started in the middle of a run: on as many processors as there are
   * here, they take them from the generator as well, and from all sides alike.
   */
  public static final double LATEST_MILLIS_AMONG_STARTS = 1000;

  static final int TRIES = 3;

  private final String race;
  private final double latestMillis;
  private double worstMillis;
  private int thrownAway;

  /** A race without figures: its generator was late time and again, or its job failed. */
  public static final class ThrownOut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ThrownOut(String message) {
      super(message);
    }
  }

  /** One by the usual limit. */
  public OnTime(String race) {
    this(race, LATEST_MILLIS);
  }

  /**
   * @param race its name in reports
   * @param latestMillis how late the generator may be
   */
  public OnTime(String race, double latestMillis) {
    this.race = race;
    this.latestMillis = latestMillis;
  }

  /**
   * A run whose generator was on time.
   *
   * @param run makes one, from the beginning, each time it is asked
   * @throws ThrownOut if there is none; and if the job failed in it, unless it is a race in which
   *     JVMs are killed
   */
  public RunResult of(Progress progress, Supplier<RunResult> run) {
    return whole(of(progress, run, result -> result.generatorLag().p99Millis()));
  }

  /**
   * The run, if its job did not fail in it or the race is one in which JVMs are killed.
   *
   * @throws ThrownOut if it is not
   */
  public RunResult whole(RunResult run) {
    if (latestMillis == LATEST_MILLIS && !run.failure().isEmpty()) {
      throw new ThrownOut(
          "%s: thrown out, the job failed in a run in which nothing was killed, and was started again: %s"
              .formatted(race, run.failure()));
    }
    return run;
  }

  /** As above, of runs of another kind that say themselves how late their load was. */
  public <R> R of(Progress progress, Supplier<R> run, ToDoubleFunction<R> lateMillis) {
    for (int made = 1; ; made++) {
      R result = run.get();
      double late = lateMillis.applyAsDouble(result);
      if (late <= latestMillis) {
        worstMillis = Math.max(worstMillis, late);
        return result;
      }
      thrownAway++;
      progress.say(
          "%s: thrown away, the generator was late (%.0f ms, limit %.0f)"
              .formatted(race, late, latestMillis));
      if (made == TRIES) {
        throw new ThrownOut(
            "%s: thrown out, the generator was late in %d runs (the last %.0f ms, limit %.0f): this machine is busy with something else"
                .formatted(race, TRIES, late, latestMillis));
      }
    }
  }

  public String race() {
    return race;
  }

  /** How late the generator was in the worst of the runs that count. */
  public double worstMillis() {
    return worstMillis;
  }

  /** Runs that do not count. */
  public int thrownAway() {
    return thrownAway;
  }
}
