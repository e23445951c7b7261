package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule on manifests of the repository with one mistake put in. */
class BrokenManifestsTest {
  private final Overlay production = Overlay.named("production");
  private final KubernetesObject iot = production.object("FlinkDeployment", "iot-ingestion");
  private final KubernetesObject hpa =
      production.object("HorizontalPodAutoscaler", "iot-ingestion");

  @Test
  void aFieldThatNoFlinkDeploymentHasIsNamed() {
    CrdSchema schema = schemaOf(iot);
    assertThat(schema.problems(iot.with(2, "spec", "taskManger", "replicas")))
        .containsExactly("spec.taskManger: no such field in a FlinkDeployment");
    assertThat(
            schema.problems(
                iot.with("x", "spec", "podTemplate", "spec", "containers", 0, "imagePullPolice")))
        .containsExactly(
            "spec.podTemplate.spec.containers[0].imagePullPolice: no such field in a"
                + " FlinkDeployment");
  }

  @Test
  void aValueOfTheWrongTypeOrOutOfTheChoicesIsNamed() {
    CrdSchema schema = schemaOf(iot);
    assertThat(schema.problems(iot.with("500m", "spec", "jobManager", "resource", "cpu")))
        .containsExactly("spec.jobManager.resource.cpu: 500m is not of type number");
    assertThat(schema.problems(iot.with("v2_3", "spec", "flinkVersion")))
        .singleElement()
        .asString()
        .startsWith("spec.flinkVersion: v2_3 is none of");
    assertThat(schema.problems(iot.with("yes", "spec", "job", "args")))
        .containsExactly("spec.job.args: yes is not of type array");
  }

  @Test
  void aFieldThatKubernetesDoesNotHaveIsNamed() {
    assertThat(Schemas.problems(hpa.with(8, "spec", "maxReplica")))
        .singleElement()
        .asString()
        .contains("maxReplica");
    KubernetesObject policy = production.object("NetworkPolicy", "spillway-flink");
    assertThat(Schemas.problems(policy.with(List.of(), "spec", "ingress", 0, "form")))
        .singleElement()
        .asString()
        .contains("form");
  }

  @Test
  void aFieldThatKubernetesNeedsAndIsMissingIsNamed() {
    assertThat(Schemas.problems(hpa.with(null, "spec", "maxReplicas")))
        .singleElement()
        .asString()
        .contains("maxReplicas");
  }

  @Test
  void aValueOfTheWrongTypeInAKindOfKubernetesIsAProblem() {
    assertThat(Schemas.problems(hpa.with("many", "spec", "maxReplicas"))).isNotEmpty();
  }

  @Test
  void aFieldThatThePrometheusOperatorDoesNotHaveIsNamed() {
    KubernetesObject monitor = production.object("PodMonitor", "spillway-flink");
    assertThat(Schemas.problems(monitor.with("15s", "spec", "podMetricsEndpoints", 0, "intervall")))
        .singleElement()
        .asString()
        .contains("intervall");
  }

  /** What the operator refuses, by the place of the mistake. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec.serviceAccount                                    |          | spec.serviceAccount is missing",
        "metadata.name                                          | Iot      | name 'Iot'",
        "metadata.name | a-name-of-forty-six-letters-that-is-a-bit-too-long | at most 45",
        "spec.taskManager.replicas                              | 0        | at least 1",
        "spec.taskManager.replicas                              |          | needs spec.taskManager.replicas",
        "spec.jobManager.replicas                               | 0        | at least 1",
        "spec.jobManager.resource.memory                        | much     | memory 'much' is no size",
        "spec.logConfiguration.log4j                            | x        | logConfiguration has log4j",
        "spec.mode                                              | native   | reactive needs mode: standalone",
        "spec.job                                               |          | reactive needs a job",
        "spec.job.jarURI | local:///opt/flink/usrlib/spillway-jobs.jar      | empty volume over usrlib",
        "spec.flinkConfiguration.execution/checkpointing/dir    |          | needs execution.checkpointing.dir",
        "spec.flinkConfiguration.execution/checkpointing/savepoint-dir |   | needs execution.checkpointing.savepoint-dir",
        "spec.flinkConfiguration.high-availability/storageDir   |          | needs high-availability.storageDir",
        "spec.flinkConfiguration.kubernetes/cluster-id          | iot      | set by the operator",
        "spec.flinkConfiguration.job/autoscaler/enabled         | true     | exclude each other"
      })
  void whatTheOperatorRefusesIsNamed(String path, String value, String message) {
    assertThat(OperatorRules.problems(iot)).isEmpty();
    assertThat(OperatorRules.problems(iot.with(scalar(value), steps(path))))
        .singleElement()
        .asString()
        .contains(message);
  }

  @Test
  void severalJobManagersNeedHighAvailability() {
    assertThat(
            OperatorRules.problems(
                iot.with(2, "spec", "jobManager", "replicas")
                    .with(null, "spec", "flinkConfiguration", "high-availability.type")))
        .containsExactly("several JobManagers need high-availability.type");
  }

  @Test
  void aJobInNativeModeNeedsItsJarAndParallelism() {
    KubernetesObject job = Overlay.named("autoscaler").object("FlinkDeployment", "iot-ingestion");
    assertThat(OperatorRules.problems(job)).isEmpty();
    assertThat(OperatorRules.problems(job.with(null, "spec", "job", "jarURI")))
        .containsExactly("mode: native needs job.jarURI");
    assertThat(OperatorRules.problems(job.with(null, "spec", "job", "parallelism")))
        .containsExactly("mode: native needs job.parallelism");
  }

  @Test
  void aSessionJobNeedsASessionThatTakesJobsAndAJarOverHttps() {
    List<KubernetesObject> beside = new ArrayList<>(Overlay.named("production/session").objects());
    KubernetesObject job =
        Overlay.named("production/session").object("FlinkSessionJob", "load-iot");
    assertThat(OperatorRules.sessionProblems(job, beside)).isEmpty();
    assertThat(OperatorRules.sessionProblems(job.with("other", "spec", "deploymentName"), beside))
        .containsExactly("there is no FlinkDeployment 'other'");
    assertThat(
            OperatorRules.sessionProblems(
                job.with("local:///opt/flink/job/x.jar", "spec", "job", "jarURI"), beside))
        .singleElement()
        .asString()
        .contains("https only");
    beside.add(iot);
    assertThat(
            OperatorRules.sessionProblems(
                job.with("iot-ingestion", "spec", "deploymentName"), beside))
        .containsExactly("FlinkDeployment 'iot-ingestion' has a job of its own");
  }

  @Test
  void anAutoscalerOfSomethingWithoutReplicasOrNotReactiveIsRefused() {
    assertThat(ScalingRules.problems(hpa, List.of(iot))).isEmpty();
    assertThat(ScalingRules.problems(hpa, List.of()))
        .containsExactly("there is no FlinkDeployment 'iot-ingestion' to scale");
    assertThat(
            ScalingRules.problems(hpa, List.of(iot.with(null, "spec", "taskManager", "replicas"))))
        .containsExactly(
            "iot-ingestion has no spec.taskManager.replicas: its scale cannot be read");
    assertThat(
            ScalingRules.problems(
                hpa, List.of(iot.with(null, "spec", "flinkConfiguration", "scheduler-mode"))))
        .containsExactly("iot-ingestion is not reactive: each change of scale deploys it anew");
    assertThat(
            ScalingRules.problems(
                hpa.with(10, "spec", "behavior", "scaleDown", "stabilizationWindowSeconds"),
                List.of(iot)))
        .containsExactly("scales down after 10 s, that is not slower than up, 30 s");
    assertThat(ScalingRules.problems(hpa, List.of(iot.with(9, "spec", "taskManager", "replicas"))))
        .containsExactly("iot-ingestion starts with 9, outside 2 to 8");
  }

  @Test
  void aProcessWithTooLittleMemoryIsNamed() {
    assertThat(MemoryRules.problems(iot.with("500m", "spec", "taskManager", "resource", "memory")))
        .singleElement()
        .asString()
        .startsWith("memory of the TaskManagers: ");
    assertThat(MemoryRules.problems(iot.with("400m", "spec", "jobManager", "resource", "memory")))
        .singleElement()
        .asString()
        .startsWith("memory of the JobManager: ");
  }

  @Test
  void rollbackNeedsHighAvailability() {
    assertThat(
            OperatorRules.problems(
                iot.with(
                        true,
                        "spec",
                        "flinkConfiguration",
                        "kubernetes.operator.deployment.rollback.enabled")
                    .with(null, "spec", "flinkConfiguration", "high-availability.type")))
        .containsExactly(
            "kubernetes.operator.deployment.rollback.enabled needs high-availability.type");
  }

  @Test
  void anEntryClassThatTheJarDoesNotHaveIsNamed() {
    assertThat(
            JobArguments.problems(iot.with("io.spillway.jobs.IotJob", "spec", "job", "entryClass")))
        .containsExactly("entryClass io.spillway.jobs.IotJob: the jar has no such job");
  }

  @Test
  void anArgumentThatTheJobDoesNotKnowIsNamed() {
    assertThat(JobArguments.problems(iot.with("kafka.grup.id=x", "spec", "job", "args", 3)))
        .singleElement()
        .asString()
        .contains("unknown setting 'kafka.grup.id'");
    assertThat(
            JobArguments.problems(
                iot.with("kafka.properties=max.pol.records:5", "spec", "job", "args", 3)))
        .containsExactly("kafka.properties: Kafka's clients do not know max.pol.records");
  }

  @Test
  void aPodThatMayDoMoreOrHidesItsMetricsIsNamed() {
    Object[] container = {"spec", "podTemplate", "spec", "containers", 0};
    assertThat(
            PodRules.problems(
                iot.with(null, "spec", "podTemplate", "spec", "securityContext", "runAsNonRoot")))
        .containsExactly("runAsNonRoot has to be true, is ''");
    assertThat(PodRules.problems(iot.with(9999, append(container, "ports", 0, "containerPort"))))
        .containsExactly("no port 'metrics' with the reporter's number, '9249'");
    assertThat(
            PodRules.problems(
                iot.with(
                    "/data/db", "spec", "flinkConfiguration", "state.backend.rocksdb.localdir")))
        .containsExactly("TaskManagers have no volume for RocksDB's files, '/data/db'");
    assertThat(PodRules.problems(iot.with(Map.of(), "spec", "podTemplate", "metadata", "labels")))
        .containsExactly("pods have no label app.kubernetes.io/part-of: nothing selects them");
  }

  private static Object[] append(Object[] path, Object... more) {
    List<Object> all = new ArrayList<>(List.of(path));
    all.addAll(List.of(more));
    return all.toArray();
  }

  /** Dots part the fields; a slash stands for a dot in the name of a field. */
  private static Object[] steps(String path) {
    return List.of(path.split("\\.")).stream().map(step -> step.replace('/', '.')).toArray();
  }

  private static Object scalar(String value) {
    if (value == null) {
      return null;
    }
    return value.matches("\\d+") ? (Object) Integer.valueOf(value) : value;
  }

  private static CrdSchema schemaOf(KubernetesObject object) {
    return Schemas.ofFlinkOperator().get(object.text("apiVersion") + " " + object.kind());
  }
}
