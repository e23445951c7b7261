package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Rules and autoscalers ask for metrics that exist. What a running job exports is in
 * exported-metrics.txt, which {@code PrometheusITCase} holds against a real one.
 */
class MonitoringTest {
  private static final Path MONITORING = Repository.K8S.resolve("monitoring");

  @Test
  void everyMetricThatARuleAsksForIsExportedOrRecorded() {
    Set<String> known = new TreeSet<>(exported());
    known.addAll(recorded());
    assertThat(unknown(expressions(), known)).isEmpty();
  }

  @Test
  void aMetricThatNothingExportsIsNamed() {
    Set<String> known = Set.of("seen", "job:load:ratio");
    assertThat(
            unknown(
                List.of("sum by (app) (rate(seen{priority=\"a\"}[5m])) / on (app) job:load:ratio"),
                known))
        .isEmpty();
    assertThat(unknown(List.of("max(seen) > 1 and admited == 0"), known))
        .containsExactly("admited");
  }

  @Test
  void everyLabelAndEachOfItsValuesThatARuleAsksForExists() {
    Set<String> known = new TreeSet<>(Set.of("namespace", "app", "job_name"));
    Repository.read(MONITORING.resolve("exported-metrics.txt"))
        .lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> Stream.of(line.split("[{},]")).skip(1))
        .forEach(known::add);
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
        if (exported().stream().noneMatch(metric -> metric.endsWith("_" + name))) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theMetricOfTheAutoscalersIsRecordedAndHandedOver() {
    Map<String, Object> adapter =
        KubernetesObject.map(yaml(Repository.K8S.resolve("metrics-api/prometheus-adapter.yaml")));
    KubernetesObject rule =
        new KubernetesObject(
            KubernetesObject.map(new KubernetesObject(adapter).items("rules", "external").get(0)));
    String series = rule.text("seriesQuery").replaceFirst("\\{.*", "");
    assertThat(recorded()).contains(series);
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

  @Test
  void kedaAsksForTheSameMetricAndScalesTheSame() {
    KubernetesObject keda =
        KubernetesObject.parseAll(
                Repository.read(Repository.K8S.resolve("components/keda/iot-ingestion.yaml")))
            .get(0);
    KubernetesObject hpa =
        Overlay.named("production").object("HorizontalPodAutoscaler", "iot-ingestion");
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
    String runbook = Repository.read(MONITORING.resolve("README.md"));
    for (KubernetesObject rule : rules()) {
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
    for (Path file : files("rules")) {
      Tool.Result result =
          Tool.PROMTOOL.run(MONITORING, "check", "rules", "--lint-fatal", file.toString());
      assertThat(result.exitCode()).as(result.output()).isZero();
    }
  }

  @Test
  void alertsFireWhereTheyMustAndNowhereElse() {
    for (Path file : files("tests")) {
      Tool.Result result = Tool.PROMTOOL.run(MONITORING, "test", "rules", file.toString());
      assertThat(result.exitCode()).as(result.output()).isZero();
    }
  }

  @Test
  void everyAlertHasACaseInWhichItFires() {
    String cases = files("tests").stream().map(Repository::read).collect(Collectors.joining("\n"));
    for (KubernetesObject rule : rules()) {
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

  private static Set<String> unknown(List<String> expressions, Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    expressions.forEach(expression -> unknown.addAll(PromQl.metrics(expression)));
    unknown.removeAll(known);
    return unknown;
  }

  private static List<String> expressions() {
    return rules().stream().map(rule -> rule.text("expr")).toList();
  }

  private static Set<String> recorded() {
    return rules().stream()
        .map(rule -> rule.text("record"))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  private static Set<String> exported() {
    return Repository.read(MONITORING.resolve("exported-metrics.txt"))
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.replaceFirst("\\{.*", "").strip())
        .collect(Collectors.toSet());
  }

  private static List<KubernetesObject> rules() {
    List<KubernetesObject> rules = new ArrayList<>();
    for (Path file : files("rules")) {
      KubernetesObject root = new KubernetesObject(KubernetesObject.map(yaml(file)));
      for (Object group : root.items("groups")) {
        new KubernetesObject(KubernetesObject.map(group))
            .items("rules")
            .forEach(rule -> rules.add(new KubernetesObject(KubernetesObject.map(rule))));
      }
    }
    return rules;
  }

  private static Object yaml(Path file) {
    return new Load(LoadSettings.builder().build()).loadFromString(Repository.read(file));
  }

  private static List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(MONITORING.resolve(folder))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
