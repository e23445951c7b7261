package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0.98765,0.988",
    "7.9,7.9",
    "12345.6,12346",
    "500,500",
    "0,0",
    "0.000213,0.000213",
    "NaN,-",
    "Infinity,-"
  })
  void peopleSeeThreeDigitsAndWholeThousands(double value, String text) {
    assertThat(Figures.text(value)).isEqualTo(text);
  }
}
