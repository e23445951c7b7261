package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void readsWhatIsAvailableAndNotWhatIsFree() {
    String meminfo = "MemTotal: 8192000 kB\nMemFree: 1024 kB\nMemAvailable:    2097152 kB\n";

    assertThat(Memory.availableMib(meminfo)).hasValue(2048);
  }

  @Test
  void tooLittleMemoryIsWrongUseInOneLineWithBothFigures() {
    SandboxException refused =
        catchThrowableOfType(
            SandboxException.class, () -> Memory.require(4_032, OptionalLong.of(1_500)));

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused).hasMessageContaining("4032 MiB").hasMessageContaining("1500 MiB");
    assertThat(refused.getMessage().lines()).hasSize(1);
  }

  @Test
  void enoughOrUnknownMemoryIsAccepted() {
    assertThatCode(() -> Memory.require(4_032, OptionalLong.of(4_032))).doesNotThrowAnyException();
    assertThatCode(() -> Memory.require(4_032, OptionalLong.empty())).doesNotThrowAnyException();
  }

  @Test
  void readsFlinksMemorySizes() {
    assertThat(Memory.mib("768m")).isEqualTo(768);
    assertThat(Memory.mib("2 gb")).isEqualTo(2048);
    assertThat(Memory.mib("1024k")).isEqualTo(1);
  }
}
