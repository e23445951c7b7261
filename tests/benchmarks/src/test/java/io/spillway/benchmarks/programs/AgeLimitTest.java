package io.spillway.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgeLimitTest {
  private final AgeLimit age = new AgeLimit(Duration.ofMillis(500));

  @Test
  void dropsWhatIsOlderThanItsLimit() {
    assertThat(age.isTooOld(Priority.HIGH, 1000, 1500)).isFalse();
    assertThat(age.isTooOld(Priority.HIGH, 1000, 1501)).isTrue();
  }

  @Test
  void neverDropsCritical() {
    assertThat(age.isTooOld(Priority.CRITICAL, 1000, 1_000_000)).isFalse();
  }
}
