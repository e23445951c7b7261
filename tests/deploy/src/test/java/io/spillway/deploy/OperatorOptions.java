package io.spillway.deploy;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The options of Flink Kubernetes Operator 1.15 that manifests here may use. The operator is in no
 * registry, so they are written down: names and types from its documentation. A key that is missing
 * here is added after looking it up there.
 */
final class OperatorOptions {
  static final List<ConfigOption<?>> ALL =
      List.of(
          flag("kubernetes.operator.pod-template.merge-arrays-by-name"),
          flag("kubernetes.operator.job.upgrade.last-state-fallback.enabled"),
          flag("kubernetes.operator.deployment.rollback.enabled"),
          time("kubernetes.operator.periodic.savepoint.interval"),
          time("kubernetes.operator.jm-deployment.shutdown-ttl"),
          flag("job.autoscaler.enabled"),
          flag("job.autoscaler.scaling.enabled"),
          time("job.autoscaler.stabilization.interval"),
          time("job.autoscaler.metrics.window"),
          time("job.autoscaler.restart.time"),
          time("job.autoscaler.catch-up.duration"),
          time("job.autoscaler.scale-down.interval"),
          number("job.autoscaler.utilization.target"),
          number("job.autoscaler.utilization.min"),
          number("job.autoscaler.utilization.max"),
          count("job.autoscaler.vertex.min-parallelism"),
          count("job.autoscaler.vertex.max-parallelism"));

  private OperatorOptions() {}

  private static ConfigOption<Boolean> flag(String key) {
    return ConfigOptions.key(key).booleanType().noDefaultValue();
  }

  private static ConfigOption<Duration> time(String key) {
    return ConfigOptions.key(key).durationType().noDefaultValue();
  }

  private static ConfigOption<Double> number(String key) {
    return ConfigOptions.key(key).doubleType().noDefaultValue();
  }

  private static ConfigOption<Integer> count(String key) {
    return ConfigOptions.key(key).intType().noDefaultValue();
  }
}
