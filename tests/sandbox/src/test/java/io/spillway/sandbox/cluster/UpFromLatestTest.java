package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpFromLatestTest {
  @TempDir private Path dir;

  @Test
  void withoutAnythingToGoOnFromNothingIsStarted() {
    ClusterSpec spec =
        new ClusterSpec(dir, 1, 1, 27_000, Map.of())
            .reactive(new ReactiveJob(JobName.IOT, Map.of()));

    assertThatThrownBy(() -> LocalCluster.upFromLatest(spec, Progress.SILENT))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("job iot")
        .hasMessageContaining("without --from-latest");
    assertThat(LocalCluster.running(dir)).isEmpty();
  }
}
