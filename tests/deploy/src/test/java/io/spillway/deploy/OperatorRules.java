package io.spillway.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What Flink Kubernetes Operator 1.15 refuses, and what it takes although it cannot work, before it
 * gets there. Each problem says what to change.
 */
final class OperatorRules {
  private static final String NAME = "[a-z]([-a-z\\d]{0,43}[a-z\\d])?";
  private static final Set<String> LOG_FILES =
      Set.of("log4j-console.properties", "logback-console.xml");
  private static final List<String> OWNED =
      List.of("kubernetes.cluster-id", "kubernetes.namespace", "high-availability.cluster-id");

  private OperatorRules() {}

  /** What is wrong with a FlinkDeployment; empty if nothing is. */
  static List<String> problems(KubernetesObject deployment) {
    List<String> problems = new ArrayList<>();
    FlinkConfiguration configuration = FlinkConfiguration.of(deployment);
    if (!deployment.name().matches(NAME)) {
      problems.add(
          "name '%s': at most 45 lower-case letters, digits and dashes, a letter first"
              .formatted(deployment.name()));
    }
    for (String field : List.of("serviceAccount", "flinkVersion", "image")) {
      if (deployment.text("spec", field).isEmpty()) {
        problems.add("spec.%s is missing".formatted(field));
      }
    }
    for (String key : OWNED) {
      if (configuration.has(key)) {
        problems.add("%s is set by the operator, leave it out".formatted(key));
      }
    }
    for (String file : deployment.fields("spec", "logConfiguration").keySet()) {
      if (!LOG_FILES.contains(file)) {
        problems.add("logConfiguration has %s, it may have %s".formatted(file, LOG_FILES));
      }
    }
    addSizes(deployment, configuration, problems);
    addMode(deployment, configuration, problems);
    if (deployment.find("spec", "job").isPresent()) {
      addJob(deployment, configuration, problems);
    }
    return problems;
  }

  private static void addSizes(
      KubernetesObject deployment, FlinkConfiguration configuration, List<String> problems) {
    for (String role : List.of("jobManager", "taskManager")) {
      String memory = deployment.text("spec", role, "resource", "memory");
      if (!memory.matches("\\d+(\\.\\d+)?(m|g|mb|gb|Mi|Gi|M|G)")) {
        problems.add("spec.%s.resource.memory '%s' is no size".formatted(role, memory));
      }
      if (deployment
          .find("spec", role, "replicas")
          .filter(n -> ((Number) n).intValue() < 1)
          .isPresent()) {
        problems.add("spec.%s.replicas has to be at least 1".formatted(role));
      }
    }
    boolean standby =
        deployment
            .find("spec", "jobManager", "replicas")
            .filter(n -> ((Number) n).intValue() > 1)
            .isPresent();
    if (standby && !isHighlyAvailable(configuration)) {
      problems.add("several JobManagers need high-availability.type");
    }
    if (configuration.is("kubernetes.operator.deployment.rollback.enabled", "true")
        && !isHighlyAvailable(configuration)) {
      problems.add("kubernetes.operator.deployment.rollback.enabled needs high-availability.type");
    }
    if (isHighlyAvailable(configuration) && !configuration.has("high-availability.storageDir")) {
      problems.add("high-availability.type needs high-availability.storageDir");
    }
  }

  /** The operator checks none of these. */
  private static void addMode(
      KubernetesObject deployment, FlinkConfiguration configuration, List<String> problems) {
    boolean standalone = deployment.text("spec", "mode").equals("standalone");
    boolean reactive = configuration.is("scheduler-mode", "reactive");
    if (reactive && !standalone) {
      problems.add("scheduler-mode: reactive needs mode: standalone");
    }
    if (reactive && deployment.find("spec", "job").isEmpty()) {
      problems.add("scheduler-mode: reactive needs a job, a session cluster has none");
    }
    if (reactive && configuration.is("job.autoscaler.enabled", "true")) {
      problems.add("scheduler-mode: reactive and job.autoscaler.enabled exclude each other");
    }
    if (standalone && deployment.find("spec", "taskManager", "replicas").isEmpty()) {
      problems.add("mode: standalone needs spec.taskManager.replicas");
    }
    String jar = deployment.text("spec", "job", "jarURI");
    if (standalone && jar.startsWith("local:///opt/flink/usrlib/")) {
      problems.add("jarURI %s: the operator mounts an empty volume over usrlib".formatted(jar));
    }
    if (!standalone && deployment.find("spec", "job").isPresent() && jar.isEmpty()) {
      problems.add("mode: native needs job.jarURI");
    }
  }

  private static void addJob(
      KubernetesObject deployment, FlinkConfiguration configuration, List<String> problems) {
    String mode = deployment.text("spec", "job", "upgradeMode");
    if (!mode.equals("stateless") && !configuration.has("execution.checkpointing.dir")) {
      problems.add("upgradeMode: %s needs execution.checkpointing.dir".formatted(mode));
    }
    if (mode.equals("savepoint") && !configuration.has("execution.checkpointing.savepoint-dir")) {
      problems.add("upgradeMode: savepoint needs execution.checkpointing.savepoint-dir");
    }
    if (mode.equals("last-state") && !isHighlyAvailable(configuration)) {
      problems.add("upgradeMode: last-state needs high-availability.type");
    }
    if (!deployment.text("spec", "mode").equals("standalone")
        && deployment.find("spec", "taskManager", "replicas").isEmpty()
        && deployment.find("spec", "job", "parallelism").isEmpty()) {
      problems.add("mode: native needs job.parallelism");
    }
  }

  private static boolean isHighlyAvailable(FlinkConfiguration configuration) {
    return configuration.has("high-availability.type")
        && !configuration.is("high-availability.type", "NONE");
  }

  /** What is wrong with a FlinkSessionJob beside these objects. */
  static List<String> sessionProblems(KubernetesObject job, List<KubernetesObject> beside) {
    List<String> problems = new ArrayList<>();
    String name = job.text("spec", "deploymentName");
    KubernetesObject session =
        beside.stream()
            .filter(o -> o.kind().equals("FlinkDeployment") && o.name().equals(name))
            .findFirst()
            .orElse(null);
    if (session == null) {
      problems.add("there is no FlinkDeployment '%s'".formatted(name));
    } else if (session.find("spec", "job").isPresent()) {
      problems.add("FlinkDeployment '%s' has a job of its own".formatted(name));
    } else if (!FlinkConfiguration.of(session).is("web.submit.enable", "true")) {
      problems.add("FlinkDeployment '%s' takes no jobs: web.submit.enable".formatted(name));
    }
    String jar = job.text("spec", "job", "jarURI");
    if (!jar.startsWith("https://")) {
      problems.add("jarURI %s: the operator fetches over https only".formatted(jar));
    }
    return problems;
  }
}
