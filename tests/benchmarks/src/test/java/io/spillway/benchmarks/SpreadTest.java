package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void isTheMedianWithTheExtremes() {
    assertThat(Spread.of(List.of(3.0, 1.0, 20.0))).isEqualTo(new Spread(3, 1, 20));
  }

  @Test
  void takesTheMeanOfTheMiddleTwo() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 30.0))).isEqualTo(new Spread(3, 1, 30));
  }

  @Test
  void isTheValueItselfForOneRepetition() {
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
  }

  @Test
  void doesNotHideARepetitionThatCouldNotBeMeasured() {
    assertThat(Spread.of(List.of(1.0, Double.NaN, 2.0)).median()).isNaN();
  }

  @Test
  void refusesNoRepetitionAtAll() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
  }
}
