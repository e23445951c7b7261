package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.benchmarks.Measurement.Plot;
import io.spillway.sandbox.report.Picture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchPicturesTest {
  @Test
  void thePartsOfAStoryArePanelsOfOneFile() {
    Map<String, Picture> pictures =
        BenchPictures.of(
            List.of(
                plot("shed first, recover third: rates"),
                plot("shed first, recover third: p99"),
                plot("alone")));

    assertThat(pictures).containsOnlyKeys("shed-first-recover-third.svg", "alone.svg");
    assertThat(pictures.get("shed-first-recover-third.svg").panels()).hasSize(2);
  }

  private static Plot plot(String title) {
    return new Plot(title, "s", false, new double[] {0, 1}, Map.of("a", new double[] {1, 2}));
  }
}
