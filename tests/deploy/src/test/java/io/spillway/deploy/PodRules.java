package io.spillway.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What every pod of a FlinkDeployment has to have. The operator adds none of it. */
final class PodRules {
  private static final String CONTAINER = "flink-main-container";

  private PodRules() {}

  /** What is wrong with the pod template of a FlinkDeployment; empty if nothing is. */
  static List<String> problems(KubernetesObject deployment) {
    List<String> problems = new ArrayList<>();
    KubernetesObject pod = new KubernetesObject(deployment.fields("spec", "podTemplate"));
    KubernetesObject container =
        new KubernetesObject(
            pod.items("spec", "containers").stream()
                .map(KubernetesObject::map)
                .filter(c -> CONTAINER.equals(c.get("name")))
                .findFirst()
                .orElse(Map.of()));
    require(pod.text("spec", "securityContext", "runAsNonRoot"), "true", "runAsNonRoot", problems);
    require(
        container.text("securityContext", "readOnlyRootFilesystem"),
        "true",
        "readOnlyRootFilesystem of " + CONTAINER,
        problems);
    require(
        container.text("securityContext", "allowPrivilegeEscalation"),
        "false",
        "allowPrivilegeEscalation of " + CONTAINER,
        problems);
    if (!pod.fields("metadata", "labels").containsKey("app.kubernetes.io/part-of")) {
      problems.add("pods have no label app.kubernetes.io/part-of: nothing selects them");
    }
    String port = FlinkConfiguration.of(deployment).get("metrics.reporter.prom.port");
    boolean declared =
        container.items("ports").stream()
            .map(KubernetesObject::map)
            .anyMatch(
                p -> "metrics".equals(p.get("name")) && port.equals("" + p.get("containerPort")));
    if (!declared) {
      problems.add("no port 'metrics' with the reporter's number, '%s'".formatted(port));
    }
    String folder = FlinkConfiguration.of(deployment).get("state.backend.rocksdb.localdir");
    boolean mounted =
        deployment.items("spec", "taskManager", "podTemplate", "spec", "containers").stream()
            .flatMap(
                c -> new KubernetesObject(KubernetesObject.map(c)).items("volumeMounts").stream())
            .anyMatch(m -> folder.startsWith(KubernetesObject.map(m).get("mountPath") + "/"));
    if (!mounted) {
      problems.add("TaskManagers have no volume for RocksDB's files, '%s'".formatted(folder));
    }
    return problems;
  }

  private static void require(String actual, String wanted, String what, List<String> problems) {
    if (!actual.equals(wanted)) {
      problems.add("%s has to be %s, is '%s'".formatted(what, wanted, actual));
    }
  }
}
