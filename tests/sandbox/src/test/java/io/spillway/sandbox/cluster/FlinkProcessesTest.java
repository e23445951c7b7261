package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlinkProcessesTest {
  @Test
  void readsFlinksAnswerAboutMemoryBetweenOtherOutput() {
    FlinkProcesses.Resources resources =
        FlinkProcesses.Resources.parse(
            List.of(
                "WARNING: something",
                "BASH_JAVA_UTILS_EXEC_RESULT:-Xmx1 -Xms1",
                "BASH_JAVA_UTILS_EXEC_RESULT:-D a=1 -D b=2"));

    assertThat(resources.jvm()).containsExactly("-Xmx1", "-Xms1");
    assertThat(resources.arguments()).containsExactly("-D", "a=1", "-D", "b=2");
  }
}
