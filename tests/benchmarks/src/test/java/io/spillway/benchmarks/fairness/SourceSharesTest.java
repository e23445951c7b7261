package io.spillway.benchmarks.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceSharesTest {
  @Test
  void theIndexIsOneWhereAllGetTheSame() {
    assertThat(shares(Map.of("a", 7L, "b", 7L)).jain(2)).isEqualTo(1);
  }

  @Test
  void sourcesThatGetNothingCount() {
    assertThat(shares(Map.of("a", 7L)).jain(4)).isEqualTo(0.25);
  }

  @Test
  void oneOfAHundredThatGetsFiftyTimesAsMuchIsTheUnfairnessOfRandomDrop() {
    Map<String, Long> delivered = new HashMap<>();
    for (int i = 0; i < 99; i++) {
      delivered.put("s" + i, 10L);
    }
    delivered.put("noisy", 500L);
    assertThat(shares(delivered).jain(100)).isCloseTo(0.085, within(0.001));
    assertThat(shares(delivered).most()).isEqualTo(500);
  }

  @Test
  void withinAPartitionOnlyItsOwnSourcesAreCompared() {
    Map<String, Integer> partitions = Map.of("a", 0, "b", 0, "c", 1, "d", 1, "e", 1);
    SourceShares shares = new SourceShares(Map.of("a", 5L, "b", 5L, "c", 9L, "d", 9L), partitions);
    assertThat(shares.jainWithinAPartition()).isCloseTo(2 / 3.0, within(1e-9));
    assertThat(shares.mostInAPartition()).isEqualTo(3);
    SourceShares even =
        new SourceShares(Map.of("a", 5L, "b", 5L, "c", 9L), Map.of("a", 0, "b", 0, "c", 1));
    assertThat(even.jainWithinAPartition()).isEqualTo(1);
    assertThat(even.jain(3)).isLessThan(0.95);
  }

  private static SourceShares shares(Map<String, Long> delivered) {
    return new SourceShares(delivered, Map.of());
  }
}
