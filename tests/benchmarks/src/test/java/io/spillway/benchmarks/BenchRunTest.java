package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchRunTest {
  @Test
  void whatCannotBeFoundOutIsUnknownAndFailsNothing(@TempDir Path notARepository) {
    BenchRun run = BenchRun.now(notARepository);

    assertThat(run.commit()).isEqualTo("unknown");
    assertThat(run.versions().kafka()).isEqualTo("unknown");
    assertThat(run.versions().flink()).startsWith("2.");
    assertThat(run.machine().processors()).isPositive();
    assertThat(run.machine().cpu()).isNotBlank();
  }
}
