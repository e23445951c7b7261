package io.spillway.deploy;

import java.util.ArrayList;
import java.util.List;

/** What makes an autoscaler work on a FlinkDeployment: a HorizontalPodAutoscaler or KEDA's. */
final class ScalingRules {
  private ScalingRules() {}

  /** What is wrong with an autoscaler beside these objects; empty if nothing is. */
  static List<String> problems(KubernetesObject scaler, List<KubernetesObject> beside) {
    List<String> problems = new ArrayList<>();
    boolean keda = scaler.kind().equals("ScaledObject");
    String name = scaler.text("spec", "scaleTargetRef", "name");
    String kind = scaler.text("spec", "scaleTargetRef", "kind");
    KubernetesObject target =
        beside.stream()
            .filter(object -> object.kind().equals(kind) && object.name().equals(name))
            .findFirst()
            .orElse(null);
    if (target == null || !kind.equals("FlinkDeployment")) {
      return List.of("there is no FlinkDeployment '%s' to scale".formatted(name));
    }
    if (target.find("spec", "taskManager", "replicas").isEmpty()) {
      problems.add("%s has no spec.taskManager.replicas: its scale cannot be read".formatted(name));
    }
    if (!FlinkConfiguration.of(target).is("scheduler-mode", "reactive")) {
      problems.add("%s is not reactive: each change of scale deploys it anew".formatted(name));
    }
    int least = number(scaler, 1, "spec", keda ? "minReplicaCount" : "minReplicas");
    int most = number(scaler, 0, "spec", keda ? "maxReplicaCount" : "maxReplicas");
    int start = number(target, least, "spec", "taskManager", "replicas");
    if (start < least || start > most) {
      problems.add("%s starts with %d, outside %d to %d".formatted(name, start, least, most));
    }
    int up = window(scaler, keda, "scaleUp");
    int down = window(scaler, keda, "scaleDown");
    if (down <= up) {
      problems.add("scales down after %d s, that is not slower than up, %d s".formatted(down, up));
    }
    return problems;
  }

  private static int window(KubernetesObject scaler, boolean keda, String direction) {
    KubernetesObject behavior =
        new KubernetesObject(
            keda
                ? scaler.fields("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior")
                : scaler.fields("spec", "behavior"));
    return number(behavior, 0, direction, "stabilizationWindowSeconds");
  }

  private static int number(KubernetesObject object, int absent, Object... path) {
    return object.find(path).map(value -> ((Number) value).intValue()).orElse(absent);
  }
}
