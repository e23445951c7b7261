package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSpecTest {
  @TempDir Path dir;

  @Test
  void aLaterCommandFindsWhatUpWasAskedFor() {
    ClusterSpec spec = new ClusterSpec(dir, 3, 4, 24_000, Map.of("a.b", "c = d"));

    spec.save();

    assertThat(ClusterSpec.saved(dir)).contains(spec);
    assertThat(ClusterSpec.saved(dir.resolve("elsewhere"))).isEmpty();
  }

  @Test
  void theUsualPortsAreThoseTheDocumentationOfKafkaAndFlinkNames() {
    Ports ports = ClusterSpec.standard(dir).ports();

    assertThat(ports.kafka()).isEqualTo(9092);
    assertThat(ports.rest()).isEqualTo(8081);
  }

  @Test
  void refusesNumbersThatMakeNoCluster() {
    assertThatThrownBy(() -> new ClusterSpec(dir, 0, 2, 0, Map.of()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("0 TaskManagers");
    assertThatThrownBy(() -> new ClusterSpec(dir, 1, 2, 80, Map.of()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("ports from 80");
  }
}
