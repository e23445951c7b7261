package io.spillway.sandbox.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.priority.Priority;
import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerPlanTest {

  @Test
  void dividesTheRateAsTheMixSays() {
    ProducerPlan plan = plan("critical=1, normal=3,bulk=0");
    assertThat(plan.perSecond()).isEqualTo(Map.of(Priority.CRITICAL, 100, Priority.NORMAL, 300));
    assertThat(plan.wanted(Priority.NORMAL)).isEqualTo(750);
    assertThat(plan.wanted(Priority.BULK)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"urgent=1", "bulk", "bulk=-1", "bulk=x", "bulk=0", ""})
  void refusesAMixItCannotRead(String mix) {
    assertThatThrownBy(() -> plan(mix))
        .isInstanceOf(SandboxException.class)
        .hasMessage(
            "--mix '" + mix + "': write parts such as critical=5,high=15,normal=40,bulk=40");
  }

  private static ProducerPlan plan(String mix) {
    return ProducerPlan.of("iot.events", 400, mix, Duration.ofMillis(2_500));
  }
}
