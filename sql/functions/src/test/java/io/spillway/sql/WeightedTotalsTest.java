package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedTotalsTest {
  @Test
  void weightsOfOneGiveExactResults() {
    WeightedTotals totals = totals(List.of(1.0, 2.0, 6.0), 1.0);

    assertThat(totals.total()).isEqualTo(Row.of(9.0, 9.0, 9.0, 3L, 1.0, true));
    assertThat(totals.mean()).isEqualTo(Row.of(3.0, 3.0, 3.0, 3L, 1.0, true));
  }

  @Test
  void withoutRowsThereIsNoResult() {
    assertThat(new WeightedTotals().total()).isNull();
    assertThat(new WeightedTotals().mean()).isNull();
  }

  @Test
  void rowsThatSayNothingAreLeftOut() {
    WeightedTotals totals = totals(List.of(5.0), 1.0);
    totals.add(Double.NaN, 1.0, 1);
    totals.add(Double.POSITIVE_INFINITY, 1.0, 1);
    totals.add(1.0, 0.5, 1);
    totals.add(1.0, Double.POSITIVE_INFINITY, 1);
    totals.add(null, 1.0, 1);
    totals.add(1.0, null, 1);

    assertThat(totals.total()).isEqualTo(Row.of(5.0, 5.0, 5.0, 1L, 1.0, true));
  }

  @Test
  void fewRowsThatStandForManyAreNotReliable() {
    assertThat(totals(List.of(1.0, 2.0), 10.0).mean().getField(5)).isEqualTo(false);
  }

  @Test
  void aSingleRowThatStandsForManyHasNoBounds() {
    assertThat(totals(List.of(7.0), 10.0).total())
        .isEqualTo(Row.of(70.0, null, null, 1L, 0.1, false));
  }

  /** Samples of a population of 1000, of which on average so many are kept. */
  @ParameterizedTest
  @ValueSource(ints = {30, 100, 200, 900})
  void boundsHoldTheTruthInNineteenOfTwentySamples(int keeps) {
    int samples = 4000;
    Random random = new Random(11);
    double[] population = random.doubles(1000, 10, 30).toArray();
    double sum = java.util.Arrays.stream(population).sum();
    double weight = 1000.0 / keeps;
    int[] held = new int[3];
    for (int sample = 0; sample < samples; sample++) {
      WeightedTotals values = new WeightedTotals();
      WeightedTotals ones = new WeightedTotals();
      for (double value : population) {
        if (random.nextDouble() < 1 / weight) {
          values.add(value, weight, 1);
          ones.add(1.0, weight, 1);
        }
      }
      held[0] += holds(values.total(), sum);
      held[1] += holds(values.mean(), sum / population.length);
      held[2] += holds(ones.total(), population.length);
    }
    assertThat(held[0] / (double) samples).as("sum").isBetween(0.93, 0.97);
    assertThat(held[1] / (double) samples).as("mean").isBetween(0.93, 0.97);
    assertThat(held[2] / (double) samples).as("count").isBetween(0.93, 0.97);
  }

  @Property(tries = 200)
  void mergingIsAddingInAnyOrder(
      @ForAll @Size(max = 20) List<@DoubleRange(min = -1e6, max = 1e6) Double> left,
      @ForAll @Size(max = 20) List<@DoubleRange(min = -1e6, max = 1e6) Double> right,
      @ForAll @DoubleRange(min = 1, max = 100) double weight) {
    WeightedTotals merged = totals(right, weight);
    merged.merge(totals(left, weight));
    WeightedTotals added = totals(left, weight);
    right.forEach(value -> added.add(value, weight, 1));

    same(merged, added);
  }

  @Property(tries = 200)
  void takingOutIsNeverHavingAdded(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -1e6, max = 1e6) Double> stays,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double goes,
      @ForAll @DoubleRange(min = 1, max = 100) double weight) {
    WeightedTotals totals = totals(stays, weight);
    totals.add(goes, weight, 1);
    totals.add(goes, weight, -1);

    same(totals, totals(stays, weight));
  }

  private static WeightedTotals totals(List<Double> values, double weight) {
    WeightedTotals totals = new WeightedTotals();
    values.forEach(value -> totals.add(value, weight, 1));
    return totals;
  }

  private static int holds(Row result, double truth) {
    return result.<Double>getFieldAs(1) <= truth && truth <= result.<Double>getFieldAs(2) ? 1 : 0;
  }

  private static void same(WeightedTotals one, WeightedTotals other) {
    assertThat(one.kept).isEqualTo(other.kept);
    assertThat(one.weights).isCloseTo(other.weights, within(1e-6));
    assertThat(one.values).isCloseTo(other.values, within(1e-2));
    assertThat(one.excess).isCloseTo(other.excess, within(1e-4));
    assertThat(one.excessValues).isCloseTo(other.excessValues, within(1e2));
    assertThat(one.excessSquares).isCloseTo(other.excessSquares, within(1e8));
  }
}
