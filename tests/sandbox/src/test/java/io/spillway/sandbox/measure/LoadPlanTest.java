package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.sandbox.measure.LoadPlan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
  private static final LoadPlan SURGE =
      LoadPlan.surge(
          2000, 5, Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofMillis(12_500));

  @Test
  void aSurgeIsHalfThenTheFactorThenHalfOfTheCapacity() {
    assertThat(SURGE.profile()).isEqualTo("1000:10000ms,10000:15000ms,1000:12500ms");
    assertThat(SURGE.events()).isEqualTo(10_000 + 150_000 + 12_500);
    assertThat(SURGE.duration()).isEqualTo(Duration.ofMillis(37_500));
  }

  @Test
  void theBacklogIsWhatTheWorkersCouldNotDoAndNeverLessThanNothing() {
    assertThat(SURGE.backlogAtEnd(2000)).isEqualTo(120_000 - 12_500, within(1.0));
    assertThat(SURGE.backlogAtEnd(20_000)).isZero();
  }

  @Test
  void timesOutsideThePlanBelongToTheFirstOrTheLastStage() {
    assertThat(SURGE.stageAt(-5)).isZero();
    assertThat(SURGE.stageAt(9_999)).isZero();
    assertThat(SURGE.stageAt(10_000)).isEqualTo(1);
    assertThat(SURGE.stageAt(1_000_000)).isEqualTo(2);
  }

  @Test
  void stagesOfOneNameOrWithoutLoadAreRefused() {
    Stage stage = new Stage("a", 1, Duration.ofSeconds(1));
    assertThatThrownBy(() -> new LoadPlan(List.of(stage, stage), Map.of()))
        .hasMessageContaining("different names");
    assertThatThrownBy(() -> new Stage("b", 0, Duration.ofSeconds(1))).hasMessageContaining("b");
    assertThatThrownBy(() -> new Stage("c", 1, Duration.ZERO)).hasMessageContaining("c");
  }
}
