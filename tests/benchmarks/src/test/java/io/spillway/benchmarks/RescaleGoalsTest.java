package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.benchmarks.elastic.RescaleRuns.Outcome;
import io.spillway.benchmarks.elastic.RescaleSetting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RescaleGoalsTest {
  @Test
  void aRowHasTheMedianAndNothingForWhatWasNotMeasured() {
    Outcome outcome =
        new Outcome(
            new RescaleSetting("as it is", Map.of(), Set.of()),
            List.of(4.0, 3.0, 9.0),
            List.of(1.0, 2.0, 1.2),
            2.5,
            1,
            List.of(),
            List.of(0.75),
            0);

    assertThat(RescaleGoals.row(outcome))
        .isEqualTo(
            "| as it is | 4.0 s (3.0..9.0) | 1.2 s (1.0..2.0) | 2.5 s in 1 |  | 0.8 s (0.8..0.8) |");
  }
}
