package io.spillway.sandbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  private static final Path LOG = Path.of("client.log");

  private final Submission submission =
      new Submission(
          JobName.IOT,
          Map.of("lanes", "single"),
          2,
          "localhost:8081",
          Optional.of("file:///sp"),
          new TreeMap<>(
              Map.of(
                  "execution.checkpointing.interval", "5s",
                  "pipeline.classpaths", "file:///classes/")));

  @Test
  void isARealDetachedRunOfTheJob() {
    assertThat(submission.arguments(Path.of("jobs.jar")))
        .containsExactly(
            "run",
            "--detached",
            "--jobmanager",
            "localhost:8081",
            "--parallelism",
            "2",
            "-Dexecution.checkpointing.interval=5s",
            "--classpath",
            "file:///classes/",
            "--fromSavepoint",
            "file:///sp",
            "--class",
            "io.spillway.jobs.IotIngestionJob",
            "jobs.jar",
            "--set",
            "lanes=single");
  }

  @Test
  void findsTheIdOfTheJob() {
    String id = "0123456789abcdef0123456789abcdef";

    assertThat(
            submission.jobId(
                new ToolRun(0, List.of("..", "Job has been submitted with JobID " + id)), LOG))
        .isEqualTo(id);
  }

  @Test
  void aSettingTheJobRefusesIsOneLineOfWrongUse() {
    ToolRun refused =
        new ToolRun(
            1,
            List.of(
                " The program finished with the following exception:",
                "org.apache.flink.client.program.ProgramInvocationException: The main method caused an error",
                "\tat org.apache.flink.client.program.PackagedProgram.callMainMethod(..)",
                "Caused by: io.spillway.config.InvalidSettings: unknown setting 'lane': did you mean 'lanes'?",
                "\tat io.spillway.config.Settings.of(Settings.java:62)"));

    SandboxException error =
        catchThrowableOfType(SandboxException.class, () -> submission.jobId(refused, LOG));

    assertThat(error).hasMessage("unknown setting 'lane': did you mean 'lanes'?");
    assertThat(error.exitCode()).isEqualTo(2);
  }

  @Test
  void anyOtherFailureIsItsInnermostCauseAndTheLog() {
    ToolRun failed =
        new ToolRun(
            1,
            List.of("Caused by: outer", "\tat x", "Caused by: java.net.ConnectException: refused"));

    SandboxException error =
        catchThrowableOfType(SandboxException.class, () -> submission.jobId(failed, LOG));

    assertThat(error)
        .hasMessageContaining("localhost:8081")
        .hasMessageContaining("ConnectException: refused")
        .hasMessageContaining("client.log");
    assertThat(error.exitCode()).isEqualTo(1);
  }
}
