package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Manifests that say again what stands elsewhere are made from there. */
class GeneratedManifestsTest {
  private static final Path CONFIGURATION =
      Repository.K8S.resolve("components/flink-configuration/flink-configuration.yaml");

  @Test
  void theConfigurationOfEveryFlinkDeploymentIsThatOfFlinkConf() {
    Map<String, Object> configuration =
        new TreeMap<>(FlinkConfiguration.read(flinkConf("config.yaml")).values());
    configuration.putAll(FlinkConfiguration.read(flinkConf("kubernetes.yaml")).values());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("flinkConfiguration", configuration);
    spec.put(
        "logConfiguration",
        Map.of("log4j-console.properties", Repository.read(flinkConf("log4j-console.properties"))));

    Repository.assertGenerated(
        CONFIGURATION,
        manifest(
            "flink-conf/config.yaml, kubernetes.yaml and log4j-console.properties",
            "flink.apache.org/v1beta1",
            "FlinkDeployment",
            "all",
            spec));
  }

  @Test
  void thePrometheusRulesAreThoseOfMonitoring() throws IOException {
    List<Object> groups = new ArrayList<>();
    try (Stream<Path> files = Files.list(Repository.K8S.resolve("monitoring/rules"))) {
      for (Path file : files.sorted().toList()) {
        groups.addAll((List<?>) yaml(file).get("groups"));
      }
    }
    Repository.assertGenerated(
        Repository.K8S.resolve("base/rules.yaml"),
        manifest(
            "k8s-operator/monitoring/rules",
            "monitoring.coreos.com/v1",
            "PrometheusRule",
            "spillway",
            Map.of("groups", groups)));
  }

  @Test
  void aManifestThatIsOutOfDateIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("rules.yaml"), "old");
    assertThatThrownBy(() -> Repository.assertUpToDate(file, "new"))
        .hasMessageContaining("rules.yaml is out of date: run this test with -Dgolden.update=true");
  }

  @Test
  void whatAnEnvironmentSetsIsNotWhatTheBaseSetsAlready() {
    Map<String, Object> base = FlinkConfiguration.read(flinkConf("config.yaml")).values();
    for (String environment : List.of("kubernetes.yaml", "local.yaml")) {
      assertThat(FlinkConfiguration.read(flinkConf(environment)).values().entrySet())
          .as(environment)
          .doesNotContainAnyElementsOf(base.entrySet());
    }
  }

  @Test
  void noManifestByHandSetsAKeyOfFlinkConfAgain() {
    Map<String, Object> shared =
        KubernetesObject.parseAll(Repository.read(CONFIGURATION))
            .get(0)
            .fields("spec", "flinkConfiguration");
    for (String file :
        List.of(
            "base/iot-ingestion.yaml",
            "base/transactions.yaml",
            "base/video-qoe.yaml",
            "base/webhook.yaml",
            "replay/replay-iot.yaml",
            "session/session.yaml",
            "components/pod/pod.yaml")) {
      KubernetesObject manifest =
          KubernetesObject.parseAll(Repository.read(Repository.K8S.resolve(file))).get(0);
      assertThat(FlinkConfiguration.of(manifest).values().keySet())
          .as(file)
          .doesNotContainAnyElementsOf(shared.keySet());
    }
  }

  private static String manifest(
      String source, String apiVersion, String kind, String name, Object spec) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("apiVersion", apiVersion);
    manifest.put("kind", kind);
    manifest.put("metadata", Map.of("name", name));
    manifest.put("spec", spec);
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(4096)
            .setMultiLineFlow(true)
            .build();
    return "# Generated from %s, do not edit: mvn test -pl tests/deploy -am -Dgolden.update=true\n"
            .formatted(source)
        + new Dump(settings).dumpToString(manifest);
  }

  private static Path flinkConf(String file) {
    return Repository.FLINK_CONF.resolve(file);
  }

  private static Map<String, Object> yaml(Path file) {
    try {
      return KubernetesObject.map(
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
