package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveUseTest {
  @TempDir Path stateDir;

  @Test
  void refusesASecondAndNamesTheFirst() {
    ExclusiveUse first = ExclusiveUse.of(stateDir);

    assertThatThrownBy(() -> ExclusiveUse.of(stateDir))
        .isInstanceOf(SandboxException.class)
        .hasMessage(
            "process %d is measuring on this cluster: wait for it or stop it",
            ProcessHandle.current().pid());

    first.close();
    assertThatCode(() -> ExclusiveUse.of(stateDir).close()).doesNotThrowAnyException();
  }
}
