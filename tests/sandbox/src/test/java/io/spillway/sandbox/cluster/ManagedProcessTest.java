package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path dir;

  @Test
  void livesUntilItIsStopped() {
    ManagedProcess process = new ManagedProcess("cat", dir);
    assertThat(process.state()).isEqualTo(ManagedProcess.State.STOPPED);

    process.start(List.of("tail", "-f", "/dev/null"), Map.of());
    assertThat(new ManagedProcess("cat", dir).isAlive()).isTrue();

    process.stop(LIMIT);
    assertThat(process.state()).isEqualTo(ManagedProcess.State.STOPPED);
  }

  @Test
  void oneThatIgnoresTheRequestToEndIsEndedAnyway() {
    ManagedProcess process = new ManagedProcess("stubborn", dir);
    process.start(
        List.of("sh", "-c", "trap '' TERM; echo ready; exec tail -f /dev/null"), Map.of());
    assertThat(Await.until(LIMIT, () -> process.lastLines().equals("ready"))).isTrue();

    process.stop(Duration.ofMillis(200));

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void oneThatDiesIsNamedWithItsLastTwentyLines() {
    ManagedProcess process = new ManagedProcess("weak", dir);
    process.start(List.of("sh", "-c", "seq 1 100; echo cannot go on; exit 1"), Map.of());

    assertThat(process.awaitEnd(LIMIT)).isTrue();

    assertThat(process.state()).isEqualTo(ManagedProcess.State.DIED);
    assertThat(process.lastLines().lines()).hasSize(20).endsWith("cannot go on");
    assertThat(process.died()).hasMessageContaining("weak died");
  }

  @Test
  void whatIsNotCommittedIsEnded() {
    ManagedProcess process = new ManagedProcess("half", dir);
    assertThatThrownBy(
            () -> {
              try (Startup startup = new Startup()) {
                startup.start(process, List.of("tail", "-f", "/dev/null"), Map.of());
                throw new IllegalStateException("the next one failed");
              }
            })
        .hasMessage("the next one failed");

    assertThat(process.state()).isEqualTo(ManagedProcess.State.STOPPED);
  }
}
