package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FlinkConfigurationTest {
  private final Distribution repository = Distribution.find();

  @Test
  void nestedAndFullKeysAreTheSame() {
    assertThat(FlinkConfiguration.parse("a:\n  b.c: 1\n  d: 5s\n"))
        .isEqualTo(FlinkConfiguration.parse("a.b.c: 1\na.d: 5s\n"));
  }

  @Test
  void whatIsLaidOverWinsAndTheRestStays() {
    FlinkConfiguration merged =
        FlinkConfiguration.parse("a: 1\nb: 2\n").with(FlinkConfiguration.parse("b: 3\n"));

    assertThat(merged.values()).isEqualTo(Map.of("a", 1, "b", 3));
  }

  @Test
  void whatIsRenderedReadsBackTheSame() {
    FlinkConfiguration configuration =
        FlinkConfiguration.parse("a.b: 'with: colon'\nc: '100'\nd: [x, y]\n")
            .with(Map.of("dir", "file:///with blank/é"));

    assertThat(FlinkConfiguration.parse(configuration.render())).isEqualTo(configuration);
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThatThrownBy(() -> FlinkConfiguration.parse("a: 1\n").get("b.c"))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("'b.c'");
  }

  @Test
  void theClusterRunsWithTheConfigurationOfTheRepositoryUnchangedExceptPortsAndPaths() {
    ClusterSpec spec = new ClusterSpec(Path.of("target/never started"), 2, 2, 24_000, Map.of());
    Map<String, Object> shared = FlinkProcesses.shared(repository).values();
    Map<String, Object> used = new FlinkProcesses(spec, repository).configuration().values();

    Set<String> different = new TreeSet<>();
    used.forEach(
        (key, value) -> {
          if (!value.toString().equals(String.valueOf(shared.get(key)))) {
            different.add(key);
          }
        });

    assertThat(used.keySet()).containsAll(shared.keySet());
    assertThat(different)
        .allMatch(
            key ->
                List.of("port", "host", "address", "dir", "dirs").stream().anyMatch(key::endsWith));
  }

  @Test
  void theBaseHasNothingOfOneMachine() {
    FlinkConfiguration base =
        FlinkConfiguration.read(repository.flinkConf().resolve("config.yaml"));

    assertThat(base.values().keySet()).noneMatch(key -> key.contains("memory.process.size"));
    assertThat(base.values()).doesNotContainKeys("rest.port", "execution.checkpointing.dir");
  }
}
