package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The laws of the sums; all are compared within rounding of the largest partial sum. */
class MomentsTest {
  record Item(double value, double weight) {}

  @Provide
  Arbitrary<List<Item>> items() {
    Arbitrary<Double> values = Arbitraries.doubles().between(-1e3, 1e3);
    Arbitrary<Double> weights = Arbitraries.doubles().between(1, 100);
    return Combinators.combine(values, weights).as(Item::new).list().ofMaxSize(40);
  }

  @Property
  void areThePowerSumsAboutAnyCenter(
      @ForAll("items") List<Item> items, @ForAll("centers") double center) {
    Moments moments = moments(items);
    for (int j = 1; j <= 3; j++) {
      for (int k = 0; k <= 3; k++) {
        double expected = 0;
        double magnitude = 0;
        for (Item item : items) {
          expected += Math.pow(item.weight(), j) * Math.pow(item.value() - center, k);
          magnitude += Math.pow(item.weight(), j) * Math.pow(4e3, k);
        }
        assertThat(moments.about(center, j, k)).isCloseTo(expected, within(1e-12 * magnitude));
      }
    }
  }

  @Property
  void mergingIsAddingOneByOneInAnyOrderAndGrouping(
      @ForAll("items") List<Item> a, @ForAll("items") List<Item> b, @ForAll("items") List<Item> c) {
    Moments left = moments(a);
    left.merge(moments(b));
    left.merge(moments(c));
    Moments tail = moments(c);
    tail.merge(moments(b));
    Moments right = moments(a);
    right.merge(tail);
    double weight = 1 + left.about(0, 3, 0);
    for (int j = 1; j <= 3; j++) {
      for (int k = 0; k <= 3; k++) {
        assertThat(left.about(0, j, k))
            .isCloseTo(right.about(0, j, k), within(1e-12 * weight * Math.pow(4e3, k)));
      }
    }
  }

  @Provide
  Arbitrary<Double> centers() {
    return Arbitraries.doubles().between(-1e3, 1e3);
  }

  /** Sums about zero would have no digit left of a spread of 1 around 10^9. */
  @Example
  void keepTheSpreadOfValuesFarFromZero() {
    Random random = new Random(1);
    Moments merged = new Moments();
    for (int part = 0; part < 100; part++) {
      Moments moments = new Moments();
      for (int i = 0; i < 1_000; i++) {
        moments.add(1e9 + random.nextGaussian(), 1);
      }
      merged.merge(moments);
    }
    assertThat(merged.mean()).isCloseTo(1e9, within(0.02));
    assertThat(merged.about(merged.mean(), 1, 2) / 1e5).isCloseTo(1, within(0.02));
  }

  private static Moments moments(List<Item> items) {
    Moments moments = new Moments();
    items.forEach(item -> moments.add(item.value(), item.weight()));
    return moments;
  }
}
