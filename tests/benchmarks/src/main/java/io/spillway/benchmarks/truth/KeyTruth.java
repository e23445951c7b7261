package io.spillway.benchmarks.truth;

import io.spillway.admission.KeepThresholds;
import io.spillway.admission.Strata;
import io.spillway.aggregation.Estimated;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import io.spillway.benchmarks.truth.WindowTruth.Shedding;
import java.util.SplittableRandom;

/**
 * Windows whose truth is known, as {@link WindowTruth}, of which whole keys are kept. A key has 2
 * to 19 events one after the other, all over the window; their values are within 10 % of the key's
 * own, which is exponential. Estimated twice, with the units told and as if each event had been
 * drawn on its own.
 */
public final class KeyTruth {
  /** Keys kept of a window, on average: hardly ever fewer than 110. */
  private static final int KEPT_KEYS = 150;

  private static final int FEWEST = 2;
  private static final int MOST = 19;

  /**
   * How many intervals held the true sum.
   *
   * @param coverage share of them, with the formula for units
   * @param eventCoverage the same with the formula for single events
   */
  public record Outcome(double coverage, double eventCoverage) {}

  private final SplittableRandom random;

  public KeyTruth(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Sheds and estimates this many windows. */
  public Outcome run(int windows, Shedding shedding) {
    int hits = 0;
    int eventHits = 0;
    for (int window = 0; window < windows; window++) {
      WindowSample inUnits = new WindowSample();
      WindowSample asEvents = new WindowSample();
      double truth = fill(inUnits, asEvents, shedding);
      hits += holds(inUnits, truth) ? 1 : 0;
      eventHits += holds(asEvents, truth) ? 1 : 0;
    }
    return new Outcome((double) hits / windows, (double) eventHits / windows);
  }

  /** The true sum. */
  private double fill(WindowSample inUnits, WindowSample asEvents, Shedding shedding) {
    KeepThresholds thresholds = new KeepThresholds();
    double keep = 1 - shedding.shed();
    double truth = 0;
    for (int key = 0; key < KEPT_KEYS / keep; key++) {
      long hash = random.nextLong() >>> 1;
      long unit = random.nextLong() >>> 1;
      double own = -Math.log(1 - random.nextDouble());
      int events = random.nextInt(FEWEST, MOST + 1);
      for (int i = 0; i < events; i++) {
        double step = 2 * i < events ? 4.0 / 3 : 2.0 / 3;
        thresholds.set(KeptEvent.PRIORITY, shedding.changing() ? keep * step : keep);
        double value = own * random.nextDouble(0.9, 1.1);
        truth += value;
        if (thresholds.keeps(KeptEvent.PRIORITY, hash)) {
          double weight = thresholds.weight(KeptEvent.PRIORITY, 1);
          inUnits.add(new KeptEvent(value, weight, unit));
          asEvents.add(KeptEvent.alone(value, weight));
        } else {
          int stratum = Strata.of(KeptEvent.PRIORITY, thresholds.probability(KeptEvent.PRIORITY));
          inUnits.addNotAdmitted(stratum, 1);
          asEvents.addNotAdmitted(stratum, 1);
        }
      }
    }
    return truth;
  }

  private static boolean holds(WindowSample sample, double truth) {
    Estimated sum = WindowEstimate.of(0, 1, sample).sum();
    return sum.low() <= truth && truth <= sum.high();
  }
}
