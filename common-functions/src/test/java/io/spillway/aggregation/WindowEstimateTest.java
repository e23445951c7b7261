package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowEstimateTest {
  @Test
  void coverageIsOneWhenEveryEventStandsForItself() {
    WindowTotals totals = WindowTotals.EMPTY.add(1, 1).add(2, 1);
    assertThat(WindowEstimate.of(0, 10, totals).coverage()).isEqualTo(1.0);
  }

  @Test
  void coverageIsTheShareThatWasProcessed() {
    WindowTotals totals = WindowTotals.EMPTY.add(1, 4).add(2, 4);
    WindowEstimate estimate = WindowEstimate.of(0, 10, totals);
    assertThat(estimate.coverage()).isEqualTo(0.25);
    assertThat(estimate.count()).isEqualTo(8);
    assertThat(estimate.kept()).isEqualTo(2);
  }

  @Test
  void theMeanWeighsEachValueByWhatItStandsFor() {
    WindowTotals totals = WindowTotals.EMPTY.add(10, 1).add(20, 3);
    assertThat(WindowEstimate.of(0, 10, totals).mean()).isEqualTo(17.5);
  }
}
