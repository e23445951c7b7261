package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Strata;
import io.spillway.priority.Priority;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the estimates promise, on simulated windows with fixed seeds. */
class EstimatorTest {
  private static final int EVENTS = 1_000;

  @Test
  void everythingIsExactAtCoverageOne() {
    WindowSample sample = new WindowSample();
    for (int i = 1; i <= 100; i++) {
      sample.add(Event.of(0.1 * i, 1));
    }
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.count()).isEqualTo(100);
    assertThat(estimate.sum().value()).isCloseTo(505, within(1e-9));
    assertThat(estimate.sum().low()).isEqualTo(estimate.sum().high());
    assertThat(estimate.mean().low()).isEqualTo(estimate.mean().value());
    assertThat(estimate.quantiles()).isEqualTo(new QuantileEstimates(5, 9.5, 0.1 * 99, 0));
    assertThat(estimate.coverage()).isEqualTo(1);
    assertThat(estimate.reliable()).isTrue();
  }

  @Test
  void aSingleEventThatIsAllIsExactAndReliable() {
    WindowSample sample = new WindowSample();
    sample.add(Event.of(7, 1));
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.sum()).isEqualTo(new Estimated(7, 7, 7));
    assertThat(estimate.reliable()).isTrue();
  }

  @Test
  void aSingleEventForManyHasNoIntervalAndIsNotReliable() {
    WindowSample sample = new WindowSample();
    sample.add(Event.of(7, 10));
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.1), 9);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.count()).isEqualTo(10);
    assertThat(estimate.sum()).isEqualTo(new Estimated(70, Double.NaN, Double.NaN));
    assertThat(estimate.reliable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"29, false", "30, true"})
  void isReliableFromThirtyEventsKept(int kept, boolean reliable) {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < kept; i++) {
      sample.add(Event.of(i, 2));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.5), kept);
    assertThat(WindowEstimate.of(0, 10, sample).reliable()).isEqualTo(reliable);
  }

  @Test
  void aWindowOfWhichNothingWasKeptHasACountAndNothingElse() {
    WindowSample sample = new WindowSample();
    sample.addNotAdmitted(Strata.of(Priority.BULK, 0), 12);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.count()).isEqualTo(12);
    assertThat(estimate.countExact()).isTrue();
    assertThat(estimate.coverage()).isZero();
    assertThat(estimate.mean().value()).isNaN();
    assertThat(estimate.min()).isNaN();
    assertThat(estimate.distinctKeys()).isZero();
  }

  /** The gate turns away by priority and no weight knows: only the known counts can mend it. */
  @Test
  void eachPrioritySpeaksOnlyForItself() {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 50; i++) {
      sample.add(new Event("a", 100, 1, 1, Priority.CRITICAL, true));
      sample.add(new Event("a", 20 + i % 2, 1, 1, Priority.BULK, true));
    }
    sample.addNotAdmitted(Strata.of(Priority.BULK, 1), 950);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.count()).isEqualTo(1_050);
    assertThat(estimate.sum().value()).isCloseTo(50 * 100 + 1_000 * 20.5, within(1e-6));
  }

  @Test
  void aStratumOfFewEventsIsTakenTogetherWithItsNeighbour() {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 40; i++) {
      sample.add(Event.of(10, 4));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.25), 120);
    sample.addNotAdmitted(Strata.of(Priority.BULK, 0.01), 40);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.count()).isEqualTo(200);
    assertThat(estimate.sum().value()).isEqualTo(2_000);
  }

  @Test
  void withoutAKnownCountItIsTheSumOfTheWeights() {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 50; i++) {
      sample.add(new Event("a", 10, 4, 1, Priority.NORMAL, false));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.25), 1);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.countExact()).isFalse();
    assertThat(estimate.count()).isEqualTo(200);
    assertThat(estimate.mean()).isEqualTo(new Estimated(10, 10, 10));
    // How many there were is uncertain, so the sum is, even where all values are the same.
    assertThat(estimate.sum().low()).isLessThan(1_700);
    assertThat(estimate.sum().high()).isGreaterThan(2_300);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e100, -1e100})
  void hugeValuesGiveNumbersOrNothingButNoNonsense(double huge) {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 40; i++) {
      sample.add(Event.of(i % 2 == 0 ? huge : 1, 1e9));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 1e-9), 1e9);
    Estimated mean = WindowEstimate.of(0, 10, sample).mean();
    assertThat(mean.value()).isBetween(Math.min(huge, 0), Math.max(huge, 0));
    assertThat(mean.low()).isLessThan(mean.high());
  }

  @ParameterizedTest
  @CsvSource({"0.5, true", "0.1, true", "0.05, true", "0.5, false", "0.1, false"})
  void sumAndMeanHaveNoBiasAlsoWhenTheProbabilityChangesInTheWindow(
      double keep, boolean knowsCount) {
    Simulation simulation = new Simulation(7, i -> i < EVENTS / 2 ? keep : keep / 2, knowsCount);
    simulation.run(2_000);
    assertThat(simulation.relativeBias()).isCloseTo(0, within(4 * simulation.standardError()));
  }

  @ParameterizedTest
  @CsvSource({"0.5, true", "0.2, true", "0.5, false", "0.2, false"})
  void theIntervalHoldsTheTruth95TimesIn100(double keep, boolean knowsCount) {
    Simulation simulation = new Simulation(11, i -> i < EVENTS / 2 ? keep : 0.7 * keep, knowsCount);
    simulation.run(2_000);
    assertThat(simulation.hits() / 2_000.0).isBetween(0.935, 0.965);
  }

  /** Events of two priorities with different values; the values are skewed. */
  private static final class Simulation {
    private final SplittableRandom random;
    private final IntToDoubleFunction keep;
    private final boolean knowsCount;
    private double errors;
    private double squares;
    private int runs;
    private int hits;

    Simulation(long seed, IntToDoubleFunction keep, boolean knowsCount) {
      this.random = new SplittableRandom(seed);
      this.keep = keep;
      this.knowsCount = knowsCount;
    }

    void run(int windows) {
      for (int window = 0; window < windows; window++) {
        WindowSample sample = new WindowSample();
        double truth = 0;
        for (int i = 0; i < EVENTS; i++) {
          Priority priority = i % 4 == 0 ? Priority.HIGH : Priority.BULK;
          double p = Math.min(1, keep.applyAsDouble(i) * (i % 4 == 0 ? 1.5 : 1));
          double value = (i % 4 == 0 ? 20 : 10) * (1 - Math.log(1 - random.nextDouble()));
          truth += value;
          if (random.nextDouble() < p) {
            sample.add(new Event("a", value, 1 / p, 1, priority, knowsCount));
          } else {
            sample.addNotAdmitted(Strata.of(priority, p), 1);
          }
        }
        Estimated sum = WindowEstimate.of(0, 10, sample).sum();
        double error = sum.value() / truth - 1;
        errors += error;
        squares += error * error;
        runs++;
        hits += sum.low() <= truth && truth <= sum.high() ? 1 : 0;
      }
    }

    double relativeBias() {
      return errors / runs;
    }

    double standardError() {
      return Math.sqrt(squares) / runs;
    }

    int hits() {
      return hits;
    }
  }

  /** What one job let through is read by a second, which sheds again. */
  @Test
  void twoAdmissionsInARowStayUnbiased() {
    SplittableRandom random = new SplittableRandom(3);
    double error = 0;
    double squares = 0;
    int hits = 0;
    int sums = 0;
    int windows = 1_000;
    for (int window = 0; window < windows; window++) {
      WindowSample sample = new WindowSample();
      double truth = 0;
      for (int i = 0; i < 4_000; i++) {
        double value = 10 + i % 7;
        truth += value;
        if (random.nextDouble() < 0.25) {
          // ce_sampledrate of the first job's output is 4.
          if (random.nextDouble() < 0.4) {
            sample.add(new Event("a", value, 4 / 0.4, 4, Priority.NORMAL, true));
          } else {
            sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.4), 4);
          }
        }
      }
      WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
      assertThat(estimate.countExact()).isFalse();
      sums += estimate.sum().low() <= truth && truth <= estimate.sum().high() ? 1 : 0;
      Estimated mean = estimate.mean();
      double off = mean.value() * 4_000 / truth - 1;
      error += off / windows;
      squares += off * off;
      hits += mean.low() <= truth / 4_000 && truth / 4_000 <= mean.high() ? 1 : 0;
    }
    assertThat(error).isCloseTo(0, within(4 * Math.sqrt(squares) / windows));
    assertThat(hits / (double) windows).isBetween(0.93, 0.97);
    assertThat(sums / (double) windows).isBetween(0.93, 0.97);
  }
}
