package io.spillway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every key and value of every Flink configuration in the repository, against Flink's own options.
 */
class FlinkOptionsTest {
  private static final FlinkOptions OPTIONS = FlinkOptions.ofClassPath();

  @Test
  void flinkKnowsEveryKeyAndValueOfFlinkConf() throws IOException {
    List<String> problems = new ArrayList<>();
    try (Stream<Path> files = Files.list(Repository.FLINK_CONF)) {
      files
          .filter(file -> file.toString().endsWith(".yaml"))
          .forEach(
              file ->
                  collect(file.getFileName().toString(), FlinkConfiguration.read(file), problems));
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void everyKeyOfFlinkConfSaysInTheLineAboveWhyItIsThere() throws IOException {
    List<String> unexplained = new ArrayList<>();
    try (Stream<Path> files = Files.list(Repository.FLINK_CONF)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        String above = "";
        for (String line : Repository.read(file).lines().toList()) {
          boolean key = line.matches("[\\w.-]+:.*");
          if (key && (!above.startsWith("# ") || above.startsWith("# ---"))) {
            unexplained.add(file.getFileName() + ": " + line);
          }
          above = line;
        }
      }
    }
    assertThat(unexplained).isEmpty();
  }

  @Test
  void flinkOrItsOperatorKnowsEveryKeyAndValueOfEveryManifest() {
    List<String> problems = new ArrayList<>();
    for (KubernetesObject deployment : Overlay.allOfKind("FlinkDeployment")) {
      collect(deployment.toString(), FlinkConfiguration.of(deployment), problems);
    }
    for (KubernetesObject job : Overlay.allOfKind("FlinkSessionJob")) {
      collect(job.toString(), FlinkConfiguration.of(job), problems);
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void findsTheOptionsOfFlink() {
    assertThat(OPTIONS.size()).isGreaterThan(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "execution.checkpointing.intervall             | 10s      | no option",
        "execution.checkpointing.interval              | often    | often",
        "execution.checkpointing.tolerable-failed-checkpoints | many | many",
        "execution.checkpointing.unaligned.enabled     | maybe    | maybe",
        "taskmanager.memory.min-segment-size           | 512 bits | 512 bits",
        "scheduler-mode                                | proactive | proactive",
        "state.backend.type                            | rocks    | none of",
        "state.checkpoints.dir                         | s3://x   | write execution.checkpointing.dir",
        "metrics.reporter.prom.ports                   | 9249     | no reporter here reads ports",
        "metrics.reporter.prom.port                    | http     | not a port",
        "metrics.reporter.prom.factory.class | org.apache.flink.Prometheus | no reporter factory",
        "kubernetes.operator.rollback                  | true     | no option",
        "job.autoscaler.stabilization.interval         | soon     | soon"
      })
  void aMistakeIsNamed(String key, String value, String message) {
    assertThat(OPTIONS.problem(key, value)).get().asString().contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env.java.opts.all                    | -Xss1m",
        "execution.checkpointing.dir           | s3://spillway/x",
        "s3.endpoint                          | http://minio:9000",
        "metrics.reporter.prom.filter.includes| *:*:*"
      })
  void whatIsRightIsLeftAlone(String key, String value) {
    assertThat(OPTIONS.problem(key, value)).isEmpty();
  }

  @Test
  void nestedAndFullKeysAreTheSame() {
    KubernetesObject nested =
        new KubernetesObject(
            Map.of(
                "spec",
                Map.of(
                    "flinkConfiguration",
                    Map.of("taskmanager", Map.of("numberOfTaskSlots", 2), "a.b", 1))));
    assertThat(FlinkConfiguration.of(nested).values())
        .isEqualTo(Map.of("taskmanager.numberOfTaskSlots", 2, "a.b", 1));
  }

  private static void collect(
      String where, FlinkConfiguration configuration, List<String> problems) {
    configuration
        .values()
        .forEach(
            (key, value) ->
                OPTIONS.problem(key, value).ifPresent(p -> problems.add(where + ": " + p)));
  }
}
