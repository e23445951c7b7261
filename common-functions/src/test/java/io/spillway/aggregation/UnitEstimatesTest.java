package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.KeepThresholds;
import io.spillway.admission.Strata;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the estimates promise where whole keys are kept, on simulated windows with fixed seeds. */
class UnitEstimatesTest {
  private static final int WINDOWS = 600;

  @ParameterizedTest
  @CsvSource({
    "0.5, false, true",
    "0.1, false, true",
    "0.05, false, true",
    "0.5, true, true",
    "0.1, true, true",
    "0.05, true, true",
    "0.5, false, false",
    "0.1, true, false"
  })
  void theIntervalHoldsTheTruth95TimesIn100WhereThatOfSingleEventsDoesNot(
      double keep, boolean changing, boolean knowsCount) {
    Simulation simulation = new Simulation(5, keep, changing, knowsCount);
    simulation.run();
    assertThat(simulation.hits / (double) WINDOWS).isBetween(0.93, 0.97);
    assertThat(simulation.hitsOfEvents / (double) WINDOWS).isLessThan(0.75);
    assertThat(simulation.errors).isCloseTo(0, within(4 * Math.sqrt(simulation.squares)));
    assertThat(simulation.rankHits / (double) WINDOWS).isGreaterThan(0.94);
  }

  @Test
  void everythingIsExactAtCoverageOne() {
    WindowSample sample = new WindowSample();
    for (int i = 1; i <= 100; i++) {
      sample.add(Event.ofUnit(i % 3, i, 1));
    }
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.sum()).isEqualTo(new Estimated(5_050, 5_050, 5_050));
    assertThat(estimate.reliable()).isTrue();
  }

  @Test
  void manyEventsOfFewKeysAreNotReliable() {
    assertThat(ofKeys(10).reliable()).isFalse();
    assertThat(ofKeys(10).units()).isCloseTo(10, within(2.0));
    assertThat(ofKeys(200).reliable()).isTrue();
    assertThat(ofKeys(200).units()).isCloseTo(200, within(60.0));
  }

  private static WindowEstimate ofKeys(int keys) {
    SplittableRandom random = new SplittableRandom(1);
    WindowSample sample = new WindowSample();
    for (int key = 0; key < keys; key++) {
      long unit = random.nextLong() >>> 1;
      for (int i = 0; i < 50; i++) {
        sample.add(Event.ofUnit(unit, key, 2));
      }
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.5), 50 * keys);
    return WindowEstimate.of(0, 10, sample);
  }

  @Test
  void aSingleKeyForManyHasNoInterval() {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 100; i++) {
      sample.add(Event.ofUnit(7, 0.1 * i, 10));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.1), 900);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.sum().value()).isCloseTo(4_950, within(1e-6));
    assertThat(estimate.sum().low()).isNaN();
    assertThat(estimate.reliable()).isFalse();
  }

  /** Some 150 keys kept; their sizes vary, their values are mostly the key's own. */
  private static final class Simulation {
    private final SplittableRandom random;
    private final double keep;
    private final boolean changing;
    private final boolean knowsCount;
    private final int keys;
    private int hits;
    private int hitsOfEvents;
    private int rankHits;
    private double errors;
    private double squares;

    Simulation(long seed, double keep, boolean changing, boolean knowsCount) {
      this.random = new SplittableRandom(seed);
      this.keep = keep;
      this.changing = changing;
      this.knowsCount = knowsCount;
      this.keys = (int) (150 / keep);
    }

    void run() {
      for (int window = 0; window < WINDOWS; window++) {
        window();
      }
    }

    private void window() {
      KeepThresholds thresholds = new KeepThresholds();
      WindowSample sample = new WindowSample();
      WindowSample asEvents = new WindowSample();
      double truth = 0;
      List<Double> values = new ArrayList<>();
      for (int key = 0; key < keys; key++) {
        long hash = random.nextLong() >>> 1;
        long unit = random.nextLong() >>> 1;
        double own = -Math.log(1 - random.nextDouble());
        int size = 2 + random.nextInt(18);
        for (int i = 0; i < size; i++) {
          double step = changing ? (2 * i < size ? 4.0 / 3 : 2.0 / 3) : 1;
          thresholds.set(Priority.NORMAL, keep * step);
          double value = own * (0.9 + 0.2 * random.nextDouble());
          truth += value;
          values.add(value);
          if (thresholds.keeps(Priority.NORMAL, hash)) {
            double weight = thresholds.weight(Priority.NORMAL, 1);
            sample.add(new Event("a", value, weight, 1, Priority.NORMAL, knowsCount, unit));
            asEvents.add(new Event("a", value, weight, 1, Priority.NORMAL, knowsCount));
          } else {
            int stratum = Strata.of(Priority.NORMAL, thresholds.probability(Priority.NORMAL));
            sample.addNotAdmitted(stratum, 1);
            asEvents.addNotAdmitted(stratum, 1);
          }
        }
      }
      WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
      WindowEstimate ofEvents = WindowEstimate.of(0, 10, asEvents);
      Estimated sum = estimate.sum();
      hits += sum.low() <= truth && truth <= sum.high() ? 1 : 0;
      hitsOfEvents += ofEvents.sum().low() <= truth && truth <= ofEvents.sum().high() ? 1 : 0;
      errors += sum.value() / truth - 1;
      squares += (sum.value() / truth - 1) * (sum.value() / truth - 1);
      double median = estimate.quantiles().p50();
      double rank = values.stream().filter(v -> v <= median).count() / (double) values.size();
      rankHits += Math.abs(rank - 0.5) <= estimate.quantiles().rankError() ? 1 : 0;
    }
  }
}
