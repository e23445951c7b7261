package io.spillway.deploy;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;

/**
 * Whether Flink can divide the memory of the processes of a FlinkDeployment among heap, network,
 * RocksDB and so on: its own arithmetic, which otherwise runs when a pod starts.
 */
final class MemoryRules {
  private MemoryRules() {}

  /** What is wrong with the sizes; empty if nothing is. */
  static List<String> problems(KubernetesObject deployment) {
    List<String> problems = new ArrayList<>();
    Configuration configuration = new Configuration();
    FlinkConfiguration.of(deployment)
        .values()
        .forEach((key, value) -> configuration.setString(key, value.toString()));
    configuration.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, memory(deployment, "jobManager"));
    configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, memory(deployment, "taskManager"));
    configuration.set(
        TaskManagerOptions.CPU_CORES,
        Double.valueOf(deployment.text("spec", "taskManager", "resource", "cpu")));
    try {
      JobManagerProcessUtils.processSpecFromConfig(configuration);
    } catch (IllegalConfigurationException e) {
      problems.add("memory of the JobManager: " + e.getMessage());
    }
    try {
      TaskExecutorProcessUtils.processSpecFromConfig(configuration);
    } catch (IllegalConfigurationException e) {
      problems.add("memory of the TaskManagers: " + e.getMessage());
    }
    return problems;
  }

  private static MemorySize memory(KubernetesObject deployment, String role) {
    return MemorySize.parse(deployment.text("spec", role, "resource", "memory"));
  }
}
