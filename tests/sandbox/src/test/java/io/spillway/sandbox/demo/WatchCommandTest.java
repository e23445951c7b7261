package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.sandbox.cluster.SandboxException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchCommandTest {
  @Test
  void anIntervalHasAUnit() {
    assertThat(WatchCommand.duration("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(WatchCommand.duration("1s")).isEqualTo(Duration.ofSeconds(1));
    assertThat(WatchCommand.duration("2m")).isEqualTo(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "0s", "-1s", "99ms", "xms", "soon"})
  void anotherIntervalIsRefusedWithTheFormItNeeds(String text) {
    assertThatThrownBy(() -> WatchCommand.duration(text))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("--interval")
        .hasMessageContaining("500ms");
  }
}
