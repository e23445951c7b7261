package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of the accumulator; sums are compared within rounding of the largest partial sum. */
class WindowTotalsTest {
  record Item(double value, double weight) {}

  @Provide
  Arbitrary<List<Item>> items() {
    Arbitrary<Double> values = Arbitraries.doubles().between(-1e6, 1e6);
    Arbitrary<Double> weights = Arbitraries.doubles().between(1, 1000);
    return Combinators.combine(values, weights).as(Item::new).list().ofMaxSize(60);
  }

  @Property
  void mergingTwoPartsIsAddingOneByOne(
      @ForAll("items") List<Item> first, @ForAll("items") List<Item> second) {
    List<Item> all = new ArrayList<>(first);
    all.addAll(second);
    assertSame(totals(first).merge(totals(second)), totals(all), all);
  }

  @Property
  void theOrderOfValuesDoesNotMatter(@ForAll("items") List<Item> items, @ForAll long seed) {
    List<Item> shuffled = new ArrayList<>(items);
    Collections.shuffle(shuffled, new Random(seed));
    assertSame(totals(shuffled), totals(items), items);
  }

  @Property
  void mergingIsCommutative(@ForAll("items") List<Item> first, @ForAll("items") List<Item> second) {
    assertThat(totals(first).merge(totals(second))).isEqualTo(totals(second).merge(totals(first)));
  }

  @Property
  void emptyIsNeutral(@ForAll("items") List<Item> items) {
    assertThat(totals(items).merge(WindowTotals.EMPTY)).isEqualTo(totals(items));
    assertThat(WindowTotals.EMPTY.merge(totals(items))).isEqualTo(totals(items));
  }

  @Property
  void aWeightOfNStandsForNEqualValues(
      @ForAll("wholeNumbers") int value, @ForAll("repeats") int repeats) {
    WindowTotals repeated = WindowTotals.EMPTY;
    for (int i = 0; i < repeats; i++) {
      repeated = repeated.add(value, 1);
    }
    WindowTotals weighted = WindowTotals.EMPTY.add(value, repeats);
    assertThat(weighted.count()).isEqualTo(repeated.count());
    assertThat(weighted.sum()).isEqualTo(repeated.sum());
    assertThat(weighted.min()).isEqualTo(repeated.min());
    assertThat(weighted.max()).isEqualTo(repeated.max());
    assertThat(weighted.kept()).isEqualTo(1);
  }

  @Provide
  Arbitrary<Integer> wholeNumbers() {
    return Arbitraries.integers().between(-1000, 1000);
  }

  @Provide
  Arbitrary<Integer> repeats() {
    return Arbitraries.integers().between(1, 100);
  }

  @Example
  void keepsCountSumMinAndMax() {
    WindowTotals totals = WindowTotals.EMPTY.add(20, 1).add(30, 4).add(-5, 2);
    assertThat(totals).isEqualTo(new WindowTotals(3, 7, 20 + 120 - 10, -5, 30));
  }

  @Example
  void refusesWhatWouldPoisonEveryLaterSum() {
    for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> WindowTotals.EMPTY.add(value, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be finite");
    }
    for (double weight : new double[] {Double.NaN, 0.5, 0, -1, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> WindowTotals.EMPTY.add(1, weight))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least 1");
    }
  }

  private static WindowTotals totals(List<Item> items) {
    WindowTotals totals = WindowTotals.EMPTY;
    for (Item item : items) {
      totals = totals.add(item.value(), item.weight());
    }
    return totals;
  }

  private static void assertSame(WindowTotals actual, WindowTotals expected, List<Item> items) {
    double magnitude = items.stream().mapToDouble(i -> Math.abs(i.value() * i.weight())).sum();
    assertThat(actual.kept()).isEqualTo(expected.kept());
    assertThat(actual.count()).isCloseTo(expected.count(), within(1e-12 * expected.count()));
    assertThat(actual.sum()).isCloseTo(expected.sum(), within(1e-12 * magnitude));
    assertThat(actual.min()).isEqualTo(expected.min());
    assertThat(actual.max()).isEqualTo(expected.max());
  }
}
