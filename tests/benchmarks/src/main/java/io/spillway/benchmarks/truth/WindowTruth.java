package io.spillway.benchmarks.truth;

import io.spillway.admission.KeepThresholds;
import io.spillway.admission.Strata;
import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import java.util.SplittableRandom;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.statistics.distribution.ContinuousDistribution;

/**
 * Windows whose truth is known, shed and estimated with the classes that a job uses: {@link
 * KeepThresholds} decide and weigh, {@link WindowSample} and {@link WindowEstimate} sum up and
 * estimate. The hash that decides is a random number, values are of a given distribution.
 */
public final class WindowTruth {
  /** Events of one window: at least some 200 are kept at 95 % shed. */
  public static final int EVENTS = 4_000;

  private static final double NORMAL_975 = 1.96;

  /**
   * How windows are shed.
   *
   * @param shed share of events that is shed, 0 to 1
   * @param changing whether the keep probability halves in the middle of each window
   */
  public record Shedding(double shed, boolean changing) {}

  /**
   * How the estimates of many windows came out.
   *
   * @param worstCountError largest relative error of a count
   * @param error root mean square of the relative error of the sum
   * @param weightedError the same of the plain Horvitz-Thompson sum
   * @param coverage share of intervals that hold the true sum
   * @param plainCoverage the same of mean +- 1.96 standard errors, times the true count
   */
  public record Outcome(
      double worstCountError,
      double error,
      double weightedError,
      double coverage,
      double plainCoverage) {}

  private final ContinuousDistribution.Sampler values;
  private final SplittableRandom random;

  public WindowTruth(ContinuousDistribution values, long seed) {
    this.random = new SplittableRandom(seed);
    UniformRandomProvider bits = random::nextLong;
    this.values = values.createSampler(bits);
  }

  /** Sheds and estimates this many windows. */
  public Outcome run(int windows, Shedding shedding) {
    double worstCountError = 0;
    double squares = 0;
    double weightedSquares = 0;
    int hits = 0;
    int plainHits = 0;
    KeepThresholds thresholds = new KeepThresholds();
    double keep = 1 - shedding.shed();
    for (int window = 0; window < windows; window++) {
      WindowSample sample = new WindowSample();
      double truth = 0;
      double weighted = 0;
      double sum = 0;
      double sumOfSquares = 0;
      int kept = 0;
      for (int i = 0; i < EVENTS; i++) {
        double step = i < EVENTS / 2 ? 4.0 / 3 : 2.0 / 3;
        thresholds.set(KeptEvent.PRIORITY, shedding.changing() ? keep * step : keep);
        double value = values.sample();
        truth += value;
        if (thresholds.keeps(KeptEvent.PRIORITY, random.nextLong() >>> 1)) {
          double weight = thresholds.weight(KeptEvent.PRIORITY, 1);
          sample.add(KeptEvent.alone(value, weight));
          weighted += weight * value;
          sum += value;
          sumOfSquares += value * value;
          kept++;
        } else {
          sample.addNotAdmitted(
              Strata.of(KeptEvent.PRIORITY, thresholds.probability(KeptEvent.PRIORITY)), 1);
        }
      }
      WindowEstimate estimate = WindowEstimate.of(0, 1, sample);
      Estimated estimated = estimate.sum();
      worstCountError = Math.max(worstCountError, Math.abs(estimate.count() / EVENTS - 1));
      squares += square(estimated.value() / truth - 1);
      weightedSquares += square(weighted / truth - 1);
      hits += estimated.low() <= truth && truth <= estimated.high() ? 1 : 0;
      double mean = sum / kept;
      double deviation = Math.sqrt((sumOfSquares / kept - mean * mean) / (kept - 1));
      plainHits += Math.abs(mean - truth / EVENTS) <= NORMAL_975 * deviation ? 1 : 0;
    }
    return new Outcome(
        worstCountError,
        Math.sqrt(squares / windows),
        Math.sqrt(weightedSquares / windows),
        (double) hits / windows,
        (double) plainHits / windows);
  }

  private static double square(double x) {
    return x * x;
  }
}
