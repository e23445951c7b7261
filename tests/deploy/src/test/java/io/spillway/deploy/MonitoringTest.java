package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules and autoscalers ask for metrics that exist. What a running job exports is in
 * exported-metrics.txt, which {@code PrometheusITCase} holds against a real one.
 */
class MonitoringTest {
  @Test
  void everyMetricThatARuleAsksForIsExportedOrRecorded() {
    Set<String> known = new TreeSet<>(MonitoringFiles.exported());
    known.addAll(MonitoringFiles.recorded());
    assertThat(MonitoringFiles.unknown(expressions(), known)).isEmpty();
  }

  @Test
  void aMetricThatNothingExportsIsNamed() {
    Set<String> known = Set.of("seen", "job:load:ratio");
    assertThat(
            MonitoringFiles.unknown(
                List.of("sum by (app) (rate(seen{priority=\"a\"}[5m])) / on (app) job:load:ratio"),
                known))
        .isEmpty();
    assertThat(MonitoringFiles.unknown(List.of("max(seen) > 1 and admited == 0"), known))
        .containsExactly("admited");
  }

  @Test
  void everyLabelAndEachOfItsValuesThatARuleAsksForExists() {
    Set<String> known = MonitoringFiles.labels();
    for (String expression : expressions()) {
      assertThat(known).as(expression).containsAll(PromQl.labels(expression));
      assertThat(priorities()).as(expression).containsAll(PromQl.values(expression, "priority"));
      assertThat(reasons()).as(expression).containsAll(PromQl.values(expression, "reason"));
    }
  }

  @Test
  void readsLabelsAndValuesOutOfAnExpression() {
    String expression = "sum by (app, lane) (seen{priority!=\"bulk\",reason=~\"a|b\"}) / on (x) y";
    assertThat(PromQl.labels(expression))
        .containsExactlyInAnyOrder("app", "lane", "priority", "reason", "x");
    assertThat(PromQl.values(expression, "priority")).containsExactly("bulk");
    assertThat(PromQl.values(expression, "reason")).containsExactly("a", "b");
  }

  private static Set<String> priorities() {
    return Stream.of(Priority.values()).map(Priority::wireName).collect(Collectors.toSet());
  }

  private static Set<String> reasons() {
    return Stream.concat(
            Stream.of(Outcome.values()).map(Outcome::wireName),
            Stream.of(DeadLetter.Reason.values()).map(DeadLetter.Reason::wireName))
        .collect(Collectors.toSet());
  }

  @Test
  void everyMetricOfTheLibraryIsExported() throws IllegalAccessException {
    List<String> missing = new ArrayList<>();
    for (var constant : SpillwayMetrics.class.getFields()) {
      if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == String.class) {
        String name = constant.get(null).toString();
        if (MonitoringFiles.exported().stream().noneMatch(metric -> metric.endsWith("_" + name))) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theMetricOfTheAutoscalersIsRecordedAndHandedOver() {
    Map<String, Object> adapter =
        KubernetesObject.map(
            MonitoringFiles.yaml(Repository.K8S.resolve("metrics-api/prometheus-adapter.yaml")));
    KubernetesObject rule =
        new KubernetesObject(
            KubernetesObject.map(new KubernetesObject(adapter).items("rules", "external").get(0)));
    String series = rule.text("seriesQuery").replaceFirst("\\{.*", "");
    assertThat(MonitoringFiles.recorded()).contains(series);
    assertThat(rule.text("name", "matches")).isEqualTo("^" + series + "$");

    for (KubernetesObject scaler : Overlay.allOfKind("HorizontalPodAutoscaler")) {
      assertThat(scaler.text("spec", "metrics", 0, "external", "metric", "name"))
          .isEqualTo(rule.text("name", "as"));
      assertThat(
              scaler.text(
                  "spec", "metrics", 0, "external", "metric", "selector", "matchLabels", "app"))
          .isEqualTo(scaler.text("spec", "scaleTargetRef", "name"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iot-ingestion", "transactions", "video-qoe"})
  void kedaAsksForTheSameMetricAndScalesTheSame(String job) {
    KubernetesObject keda =
        KubernetesObject.parseAll(
                Repository.read(Repository.K8S.resolve("components/keda/%s.yaml".formatted(job))))
            .get(0);
    KubernetesObject hpa = Overlay.named("production").object("HorizontalPodAutoscaler", job);
    assertThat(keda.text("spec", "triggers", 0, "metadata", "query"))
        .contains("app=\"%s\"".formatted(job));
    assertThat(ScalingRules.problems(keda, Overlay.named("production").objects())).isEmpty();
    assertThat(PromQl.metrics(keda.text("spec", "triggers", 0, "metadata", "query")))
        .containsExactly("spillway:load:ratio");
    assertThat(keda.fields("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior"))
        .isEqualTo(hpa.fields("spec", "behavior"));
    assertThat(keda.text("spec", "maxReplicaCount")).isEqualTo(hpa.text("spec", "maxReplicas"));
    assertThat(hpa.text("spec", "metrics", 0, "external", "target", "value")).isEqualTo("750m");
    assertThat(keda.text("spec", "triggers", 0, "metadata", "threshold")).isEqualTo("0.75");
  }

  @Test
  void everyAlertSaysWhatToDo() {
    String runbook = Repository.read(MonitoringFiles.FOLDER.resolve("README.md"));
    for (KubernetesObject rule : MonitoringFiles.rules()) {
      String alert = rule.text("alert");
      if (!alert.isEmpty()) {
        assertThat(runbook).as("a section of monitoring/README.md").contains("### " + alert);
        assertThat(rule.text("annotations", "summary")).as(alert).isNotEmpty();
        assertThat(rule.text("labels", "severity")).as(alert).isIn("page", "ticket");
      }
    }
  }

  @Test
  void promtoolAcceptsTheRules() {
    for (Path file : MonitoringFiles.files("rules", ".yaml")) {
      Tool.Result result =
          Tool.PROMTOOL.run(
              MonitoringFiles.FOLDER, "check", "rules", "--lint-fatal", file.toString());
      assertThat(result.exitCode()).as(result.output()).isZero();
    }
  }

  @Test
  void promtoolAcceptsTheConfigurationOfAPrometheusWithoutKubernetes() {
    Tool.Result result =
        Tool.PROMTOOL.run(MonitoringFiles.FOLDER, "check", "config", "prometheus.yaml");
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  @Test
  void alertsFireWhereTheyMustAndNowhereElse() {
    for (Path file : MonitoringFiles.files("tests", ".yaml")) {
      Tool.Result result =
          Tool.PROMTOOL.run(MonitoringFiles.FOLDER, "test", "rules", file.toString());
      assertThat(result.exitCode()).as(result.output()).isZero();
    }
  }

  @Test
  void everyAlertHasACaseInWhichItFires() {
    String cases =
        MonitoringFiles.files("tests", ".yaml").stream()
            .map(Repository::read)
            .collect(Collectors.joining("\n"));
    for (KubernetesObject rule : MonitoringFiles.rules()) {
      if (!rule.text("alert").isEmpty()) {
        assertThat(cases).contains("alertname: " + rule.text("alert") + "\n");
      }
    }
  }

  @Test
  void promtoolRefusesARuleThatIsNone(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("broken.yaml"),
            "groups: [{name: a, rules: [{alert: A, expr: 'sum(rate(x))'}]}]");
    Tool.Result result = Tool.PROMTOOL.run(folder, "check", "rules", file.toString());
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("expected type range vector");
  }

  private static List<String> expressions() {
    return MonitoringFiles.rules().stream().map(rule -> rule.text("expr")).toList();
  }
}
