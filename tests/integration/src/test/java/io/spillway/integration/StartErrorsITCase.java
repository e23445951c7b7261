package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a user of {@code ./spillway submit} sees when a job cannot start: one line that says what is
 * wrong and what to write instead, no stack trace, exit code 2. The command runs as the launcher
 * runs it, in a JVM of its own.
 */
@ExtendWith(SharedCluster.class)
class StartErrorsITCase {
  private static final String MAIN = "io.spillway.sandbox.cli.Main";

  private static final String EVENTS = "start-errors.events";

  /** A port of the range of the shared cluster on which nobody listens. */
  private static final String NOBODY = "127.0.0.1:26060";

  @BeforeEach
  void bringUp(LocalCluster cluster) {
    cluster.createTopic(EVENTS, 1, Map.of());
  }

  @Test
  void namesTheNearestSettingForOneThatDoesNotExist() throws Exception {
    assertThat(submit("work.micro=100"))
        .contains("unknown setting 'work.micro'")
        .contains("'work.micros'");
  }

  @Test
  void showsHowADurationIsWritten() throws Exception {
    assertThat(submit("window.size=ten"))
        .contains("window.size = 'ten'")
        .contains("not a duration")
        .contains("5s");
  }

  @Test
  void refusesFloorsThatAddUpToMoreThanOne() throws Exception {
    assertThat(submit("admission.floor.high=0.7", "admission.floor.normal=0.4"))
        .contains("admission.floor")
        .contains("add up to more than 1");
  }

  @Test
  void namesTheNearestTopicForOneThatDoesNotExist() throws Exception {
    assertThat(submit("input.topic=start-errors.evnts"))
        .contains("input.topic = 'start-errors.evnts'")
        .contains("no such topic")
        .contains(EVENTS);
  }

  @Test
  void saysThatNoBrokerAnswers() throws Exception {
    assertThat(submit("kafka.bootstrap.servers=" + NOBODY))
        .contains("kafka.bootstrap.servers = '" + NOBODY + "'")
        .contains("no broker answers");
  }

  /** Submits the job to the shared cluster, which is up; returns what the command prints. */
  private static String submit(String... settings) throws Exception {
    Path modules = Path.of("..", "..").toAbsolutePath().normalize();
    Path sandbox = modules.resolve("tests/sandbox/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dspillway.home=" + SharedCluster.home());
    command.addAll(List.of("-cp", sandbox.resolve("classes") + ":" + sandbox + "/lib/*", MAIN));
    command.addAll(List.of("submit", "iot"));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return errorOf(new ProcessBuilder(command));
  }

  private static String errorOf(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(output.strip().lines()).as(output).hasSize(1);
    assertThat(output).startsWith("spillway: ").doesNotContain("Exception");
    assertThat(process.exitValue()).as(output).isEqualTo(2);
    return output;
  }
}
