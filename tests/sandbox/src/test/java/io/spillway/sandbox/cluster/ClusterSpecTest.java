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
  void aLaterCommandFindsTheJobOfReactiveModeWithItsSettings() {
    ClusterSpec spec =
        ClusterSpec.standard(dir)
            .reactive(
                new ReactiveJob(JobName.VIDEO, Map.of("work.micros", "2500", "lanes", "a=b")));

    spec.save();

    assertThat(ClusterSpec.saved(spec.stateDir())).contains(spec);
  }

  @Test
  void onlyAJobThatAdmitsEventsIsRunInReactiveMode() {
    assertThatThrownBy(() -> new ReactiveJob(JobName.LOAD, Map.of()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("'load'");
  }

  @Test
  void inReactiveModeAnotherNumberOfTaskManagersIsTheSameCluster() {
    ClusterSpec plain = ClusterSpec.standard(dir);
    ClusterSpec reactive = plain.reactive(new ReactiveJob(JobName.IOT, Map.of()));

    assertThat(reactive.scaledTo(3).isAnotherScaleOf(reactive)).isTrue();
    assertThat(reactive.scaledTo(3).isAnotherScaleOf(plain)).isFalse();
    assertThat(plain.scaledTo(3).isAnotherScaleOf(plain)).isFalse();
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
