package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomRateTest {
  @Property
  void whatIsKeptIsTheLoadOrTheCapacityWhicheverIsLess(
      @ForAll @DoubleRange(min = 0.1, max = 1e6) double capacity,
      @ForAll @DoubleRange(max = 1e7) double offered) {
    assertThat(new RandomRate(capacity).keep(offered) * offered)
        .isCloseTo(Math.min(offered, capacity), within(1e-6 * capacity));
  }

  @Test
  void keepsAFifthAtFiveTimesTheCapacity() {
    assertThat(new RandomRate(250).keep(1250)).isEqualTo(0.2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void isNothingWithoutACapacity(double capacity) {
    assertThatThrownBy(() -> new RandomRate(capacity)).isInstanceOf(IllegalArgumentException.class);
  }
}
