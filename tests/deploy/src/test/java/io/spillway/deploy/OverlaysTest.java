package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is applied to a cluster, overlay by overlay, as kubectl renders it. */
class OverlaysTest {
  private static final String OPERATOR = "flink.apache.org/";

  @TestFactory
  Stream<DynamicTest> everyOverlayRenders() {
    return Overlay.all().stream()
        .map(o -> dynamicTest(o.toString(), () -> assertThat(o.objects()).isNotEmpty()));
  }

  @Test
  void kubernetesKnowsEveryFieldOfItsOwnKindsAndOfThoseOfPrometheus() {
    assertNoProblems(
        object -> !object.text("apiVersion").startsWith(OPERATOR),
        (object, overlay) -> Schemas.problems(object));
  }

  @Test
  void theOperatorsCrdsKnowEveryFieldOfItsKinds() {
    Map<String, CrdSchema> schemas = Schemas.ofFlinkOperator();
    assertNoProblems(
        object -> object.text("apiVersion").startsWith(OPERATOR),
        (object, overlay) -> {
          CrdSchema schema = schemas.get(object.text("apiVersion") + " " + object.kind());
          return schema == null ? List.of("there is no CRD of it") : schema.problems(object);
        });
  }

  @Test
  void theOperatorAcceptsEveryFlinkDeployment() {
    assertNoProblems(
        object -> object.kind().equals("FlinkDeployment"),
        (object, overlay) -> OperatorRules.problems(object));
  }

  @Test
  void theOperatorAcceptsEverySessionJob() {
    assertNoProblems(
        object -> object.kind().equals("FlinkSessionJob"),
        (object, overlay) -> OperatorRules.sessionProblems(object, overlay.objects()));
  }

  @Test
  void everyAutoscalerHasSomethingItCanScale() {
    assertNoProblems(
        object -> object.kind().equals("HorizontalPodAutoscaler"),
        (object, overlay) -> ScalingRules.problems(object, overlay.objects()));
  }

  @Test
  void everyJobKnowsItsArguments() {
    assertNoProblems(
        object -> object.find("spec", "job").isPresent(),
        (object, overlay) -> JobArguments.problems(object));
  }

  @Test
  void everyPodIsRestrictedAndShowsItsMetrics() {
    assertNoProblems(
        object -> object.kind().equals("FlinkDeployment"),
        (object, overlay) -> PodRules.problems(object));
  }

  @Test
  void theMemoryOfEveryProcessAddsUp() {
    assertNoProblems(
        object -> object.kind().equals("FlinkDeployment"),
        (object, overlay) -> MemoryRules.problems(object));
  }

  @Test
  void noParameterIsLeftOpen() {
    for (Overlay overlay : Overlay.all()) {
      assertThat(overlay.objects().stream().map(KubernetesObject::content).toList().toString())
          .as(overlay.toString())
          .doesNotContain("STORAGE")
          .doesNotContain("BROKERS")
          .doesNotContain("JARS")
          .doesNotContain("WEBHOOK");
    }
  }

  @Test
  void noSecretIsInAManifest() {
    assertThat(Overlay.allOfKind("Secret")).isEmpty();
  }

  @Test
  void onlyTheWebUiOfASessionTakesJobs() {
    for (KubernetesObject deployment : Overlay.allOfKind("FlinkDeployment")) {
      FlinkConfiguration configuration = FlinkConfiguration.of(deployment);
      boolean session = deployment.find("spec", "job").isEmpty();
      assertThat(configuration.get("web.submit.enable"))
          .as(deployment.toString())
          .isEqualTo(String.valueOf(session));
      assertThat(configuration.get("web.cancel.enable"))
          .as(deployment.toString())
          .isEqualTo("false");
    }
    assertThat(Overlay.named("production").objects())
        .filteredOn(object -> object.kind().equals("FlinkDeployment"))
        .isNotEmpty()
        .allMatch(object -> object.find("spec", "job").isPresent());
  }

  @Test
  void everyPodHasTheLoginToKafkaAsFilesOfASecretThatNeedNotBeThere() {
    assertNoProblems(
        object -> object.kind().equals("FlinkDeployment"),
        (object, overlay) ->
            object.items("spec", "podTemplate", "spec", "volumes").stream()
                    .anyMatch(
                        volume ->
                            volume.equals(
                                Map.of(
                                    "name",
                                    "kafka",
                                    "secret",
                                    Map.of("secretName", "spillway-kafka", "optional", true))))
                ? List.of()
                : List.of("no volume with the login to Kafka"));
  }

  @Test
  void everyJobOfTheJarIsDeployedByAnOverlay() throws IOException {
    Set<String> jobs = new TreeSet<>();
    try (Stream<Path> files =
        Files.list(Repository.ROOT.resolve("jobs/src/main/java/io/spillway/jobs"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Job.java"))
          .forEach(name -> jobs.add("io.spillway.jobs." + name.replace(".java", "")));
    }
    assertThat(jobs).hasSizeGreaterThan(5);
    Set<String> deployed = new TreeSet<>();
    Overlay.allObjects().forEach(object -> deployed.add(object.text("spec", "job", "entryClass")));
    deployed.remove("");
    assertThat(deployed).isEqualTo(jobs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iot-ingestion", "transactions", "video-qoe", "webhook"})
  void theProductionOverlayRunsReactiveAndTheAutoscalerOverlayDoesNot(String job) {
    assertThat(scheduling("production", job)).containsExactly("standalone", "reactive", "");
    assertThat(scheduling("local", job)).containsExactly("standalone", "reactive", "");
    assertThat(scheduling("autoscaler", job)).containsExactly("native", "", "adaptive");
    assertThat(Overlay.named("autoscaler").objects())
        .extracting(KubernetesObject::kind)
        .doesNotContain("HorizontalPodAutoscaler");
  }

  @Test
  void noTwoDeploymentsShareAFolderOrAConsumerGroup() {
    for (String overlay : List.of("production", "local", "autoscaler")) {
      List<KubernetesObject> jobs =
          Overlay.named(overlay).objects().stream()
              .filter(object -> object.kind().equals("FlinkDeployment"))
              .toList();
      assertThat(jobs)
          .extracting(job -> FlinkConfiguration.of(job).get("execution.checkpointing.dir"))
          .doesNotHaveDuplicates();
      assertThat(jobs)
          .extracting(job -> job.text("spec", "job", "args", 3))
          .allMatch(group -> group.startsWith("kafka.group.id="))
          .doesNotHaveDuplicates();
    }
  }

  private static List<String> scheduling(String overlay, String name) {
    KubernetesObject job = Overlay.named(overlay).object("FlinkDeployment", name);
    FlinkConfiguration configuration = FlinkConfiguration.of(job);
    return List.of(
        job.text("spec", "mode"),
        configuration.get("scheduler-mode"),
        configuration.get("jobmanager.scheduler"));
  }

  private interface Check {
    List<String> problems(KubernetesObject object, Overlay overlay);
  }

  private static void assertNoProblems(Predicate<KubernetesObject> which, Check check) {
    List<String> problems = new ArrayList<>();
    int checked = 0;
    for (Overlay overlay : Overlay.all()) {
      for (KubernetesObject object : overlay.objects()) {
        if (which.test(object)) {
          checked++;
          check
              .problems(object, overlay)
              .forEach(problem -> problems.add(overlay + ": " + object + ": " + problem));
        }
      }
    }
    assertThat(problems).isEmpty();
    assertThat(checked).isPositive();
  }
}
