package io.spillway.benchmarks.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceSharesTest {
  @Test
  void theIndexIsOneWhereAllGetTheSame() {
    assertThat(new SourceShares(Map.of("a", 7L, "b", 7L)).jain(2)).isEqualTo(1);
  }

  @Test
  void sourcesThatGetNothingCount() {
    assertThat(new SourceShares(Map.of("a", 7L)).jain(4)).isEqualTo(0.25);
  }

  @Test
  void oneOfAHundredThatGetsFiftyTimesAsMuchIsTheUnfairnessOfRandomDrop() {
    Map<String, Long> delivered = new HashMap<>();
    for (int i = 0; i < 99; i++) {
      delivered.put("s" + i, 10L);
    }
    delivered.put("noisy", 500L);
    assertThat(new SourceShares(delivered).jain(100)).isCloseTo(0.085, within(0.001));
    assertThat(new SourceShares(delivered).most()).isEqualTo(500);
  }
}
