package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./spillway submit iot} on the shared cluster, which has to be up: the command runs as the
 * launcher runs it, in a JVM of its own.
 */
final class SubmitCommand {
  private static final String MAIN = "io.spillway.sandbox.cli.Main";

  private SubmitCommand() {}

  /** With settings that are refused, in one line, with exit code 2; returns that line. */
  static String refused(String... settings) throws IOException, InterruptedException {
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
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(output.strip().lines()).as(output).hasSize(1);
    assertThat(output).startsWith("spillway: ").doesNotContain("Exception");
    assertThat(process.exitValue()).as(output).isEqualTo(2);
    return output;
  }
}
