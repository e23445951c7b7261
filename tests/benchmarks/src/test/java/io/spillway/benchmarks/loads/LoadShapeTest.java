package io.spillway.benchmarks.loads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.sandbox.measure.LoadPlan.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadShapeTest {
  @ParameterizedTest
  @EnumSource
  void staysBetweenHalfAndTwelveTimesTheCapacity(LoadShape shape) {
    List<Stage> stages = shape.stages(100, Duration.ofSeconds(20));
    assertThat(stages).hasSize(80);
    assertThat(stages)
        .allSatisfy(stage -> assertThat(stage.ratePerSecond()).isBetween(49.0, 1200.0));
    assertThat(stages.stream().map(Stage::duration).reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void aSpikeLastsHalfASecond() {
    List<Stage> stages = LoadShape.SPIKES.stages(100, Duration.ofSeconds(30));
    assertThat(stages.stream().filter(stage -> stage.ratePerSecond() > 500)).hasSize(12);
  }

  @Test
  void aFlashCrowdStartsHighAndGoesAway() {
    assertThat(LoadShape.FLASH_CROWD.at(0.05)).isEqualTo(0.5);
    assertThat(LoadShape.FLASH_CROWD.at(0.1)).isCloseTo(8, within(0.01));
    assertThat(LoadShape.FLASH_CROWD.at(1)).isLessThan(1);
  }
}
