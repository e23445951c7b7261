package io.spillway.benchmarks.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.ClusterSpec;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReactivePortsTest {
  @Test
  void theyAreElsewhereThanThoseOfTheOtherCluster() {
    assertThat(ReactivePorts.besides(from(0))).isEqualTo(29_000);
    assertThat(ReactivePorts.besides(from(31_000))).isEqualTo(31_064);
  }

  private static ClusterSpec from(int port) {
    return new ClusterSpec(Path.of("target", "never started"), 1, 1, port, Map.of());
  }
}
