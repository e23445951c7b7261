package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dashboards ask for metrics that exist, in queries that Prometheus understands, and say in what
 * unit they show the answer. That a running job has an answer to each is shown by {@code
 * MonitoringITCase}; how Grafana draws it, by nothing here.
 */
class DashboardsTest {
  /** What Prometheus itself knows about alerts. */
  private static final String ALERTS = "ALERTS";

  private static final Set<String> LABELS_OF_ALERTS = Set.of("alertname", "alertstate", "severity");

  @Test
  void thereAreFourAndEachHasAUidOfItsOwn() {
    assertThat(Dashboard.all())
        .extracting(Dashboard::uid)
        .containsExactlyInAnyOrder(
            "spillway-overview", "spillway-job", "spillway-admission", "spillway-state");
  }

  @Test
  void everyMetricThatAPanelAsksForIsExportedOrRecorded() {
    for (Dashboard dashboard : Dashboard.all()) {
      assertThat(MonitoringFiles.unknown(dashboard.queries(), known()))
          .as(dashboard.file())
          .isEmpty();
      assertThat(MonitoringFiles.unknown(dashboard.metricsOfVariables(), known()))
          .as(dashboard.file())
          .isEmpty();
    }
  }

  @Test
  void everyLabelThatAPanelAsksForExists() {
    Set<String> known = new TreeSet<>(MonitoringFiles.labels());
    known.addAll(LABELS_OF_ALERTS);
    for (Dashboard dashboard : Dashboard.all()) {
      for (String query : dashboard.queries()) {
        assertThat(known).as(query).containsAll(PromQl.labels(query));
      }
      for (JsonNode panel : dashboard.panels()) {
        for (JsonNode target : panel.path("targets")) {
          assertThat(known).containsAll(labelsOf(target.path("legendFormat").asText()));
        }
      }
    }
  }

  @Test
  void prometheusUnderstandsEveryQuery(@TempDir Path folder) throws IOException {
    Tool.Result result =
        check(folder, Dashboard.all().stream().flatMap(d -> d.queries().stream()).toList());
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  @Test
  void aQueryThatIsNoneIsFound(@TempDir Path folder) throws IOException {
    Tool.Result result = check(folder, List.of("up", "sum(rate(up))"));
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("query_1").contains("expected type range vector");
  }

  @Test
  void everyPanelSaysWhatItShowsInWhatUnitAndWhatIsTooMuch() {
    for (Dashboard dashboard : Dashboard.all()) {
      Set<String> ids = new HashSet<>();
      assertThat(dashboard.panels()).as(dashboard.file()).isNotEmpty();
      for (JsonNode panel : dashboard.panels()) {
        String title = dashboard.file() + ": " + panel.path("title").asText();
        assertThat(ids.add(panel.path("id").asText())).as(title).isTrue();
        assertThat(panel.path("description").asText()).as(title).isNotEmpty();
        JsonNode defaults = panel.path("fieldConfig").path("defaults");
        assertThat(defaults.path("unit").asText()).as(title).isNotEmpty();
        assertThat(defaults.path("thresholds").path("steps")).as(title).isNotEmpty();
        assertThat(panel.path("targets")).as(title).isNotEmpty();
        for (JsonNode target : panel.path("targets")) {
          assertThat(target.path("legendFormat").asText()).as(title).isNotEmpty();
          assertThat(target.path("datasource").path("uid").asText())
              .as(title)
              .isEqualTo("${datasource}");
        }
      }
    }
  }

  @Test
  void everyPanelIsOfTheChosenJobsAndEveryVariableIsUsed() {
    for (Dashboard dashboard : Dashboard.all()) {
      for (JsonNode panel : dashboard.panels()) {
        for (JsonNode target : panel.path("targets")) {
          assertThat(target.path("expr").asText()).contains("job_name=~\"$job\"");
        }
      }
      String panels = dashboard.panels().toString();
      assertThat(dashboard.variables())
          .extracting(variable -> variable.path("name").asText())
          .contains("datasource", "job")
          .allMatch(name -> panels.contains("$" + name) || panels.contains("${" + name + "}"));
    }
    assertThat(Dashboard.all())
        .filteredOn(d -> d.variables().toString().contains("\"lane\""))
        .isNotEmpty();
  }

  @Test
  void grafanaFindsThemInProduction() {
    KubernetesObject map = Overlay.named("production").object("ConfigMap", "spillway-dashboards");
    assertThat(map.text("metadata", "labels", "grafana_dashboard")).isEqualTo("1");
    Map<String, Object> files = new TreeMap<>();
    MonitoringFiles.files("dashboards", ".json")
        .forEach(file -> files.put(file.getFileName().toString(), Repository.read(file)));
    assertThat(map.fields("data")).isEqualTo(files);
  }

  @Test
  void aKeyThatStandsTwiceIsFound(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("twice.json"), "{\"uid\": \"a\", \"uid\": \"b\"}");
    assertThatThrownBy(() -> Dashboard.read(file))
        .hasMessageContaining("twice.json")
        .hasMessageContaining("uid");
  }

  private static Set<String> known() {
    Set<String> known = new TreeSet<>(MonitoringFiles.exported());
    known.addAll(MonitoringFiles.recorded());
    known.add(ALERTS);
    return known;
  }

  private static Set<String> labelsOf(String legend) {
    Set<String> labels = new TreeSet<>();
    Pattern.compile("\\{\\{(\\w+)}}")
        .matcher(legend)
        .results()
        .forEach(match -> labels.add(match.group(1)));
    return labels;
  }

  /** Each query as a recording rule: what promtool parses without a server. */
  private static Tool.Result check(Path folder, List<String> queries) throws IOException {
    StringBuilder rules = new StringBuilder("groups: [{name: queries, rules: [\n");
    for (int i = 0; i < queries.size(); i++) {
      rules
          .append("{record: query_%d, expr: '".formatted(i))
          .append(queries.get(i).replace("'", "''"))
          .append("'},\n");
    }
    Path file = Files.writeString(folder.resolve("queries.yaml"), rules.append("]}]\n"));
    return Tool.PROMTOOL.run(folder, "check", "rules", file.toString());
  }
}
