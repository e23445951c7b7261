package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlinkProcessesTest {
  @Test
  void readsFlinksAnswerAboutMemoryBetweenOtherOutput() {
    FlinkProcesses.Resources resources =
        FlinkProcesses.Resources.parse(
            List.of(
                "WARNING: something",
                "BASH_JAVA_UTILS_EXEC_RESULT:-Xmx1 -Xms1",
                "BASH_JAVA_UTILS_EXEC_RESULT:-D a=1 -D b=2"));

    assertThat(resources.jvm()).containsExactly("-Xmx1", "-Xms1");
    assertThat(resources.arguments()).containsExactly("-D", "a=1", "-D", "b=2");
  }

  @Test
  void theJobManagerBringsAJobAlongThatKnowsItsBroker() {
    ReactiveJob job = new ReactiveJob(JobName.IOT, Map.of("work.micros", "2500"));

    assertThat(job.arguments("127.0.0.1:1", Optional.empty()))
        .containsExactly(
            "--job-classname",
            "io.spillway.jobs.IotIngestionJob",
            "--set",
            "kafka.bootstrap.servers=127.0.0.1:1",
            "--set",
            "work.micros=2500");
  }

  @Test
  void theJobOfTheJobManagerGoesOnFromWhatIsNamed() {
    ReactiveJob job = new ReactiveJob(JobName.IOT, Map.of());

    assertThat(job.arguments("127.0.0.1:1", Optional.of("file:///state/chk-7")))
        .containsSubsequence("--fromSavepoint", "file:///state/chk-7", "--set");
  }

  @Test
  void onlyReactiveModeIsConfiguredSoAndAUserHasTheLastWord() {
    ClusterSpec spec = ClusterSpec.standard(Path.of("target/never started"));
    ReactiveJob job = new ReactiveJob(JobName.IOT, Map.of());
    FlinkProcesses plain = new FlinkProcesses(spec, Distribution.find());
    FlinkProcesses reactive = new FlinkProcesses(spec.reactive(job), Distribution.find());
    ClusterSpec narrow =
        new ClusterSpec(spec.stateDir(), 2, 2, 0, Map.of("pipeline.max-parallelism", "6"));

    assertThat(plain.configuration().find("scheduler-mode")).isEmpty();
    assertThat(reactive.configuration().find("scheduler-mode")).contains("reactive");
    assertThat(reactive.maxParallelism()).isEqualTo(128);
    assertThat(new FlinkProcesses(narrow, Distribution.find()).maxParallelism()).isEqualTo(6);
  }
}
