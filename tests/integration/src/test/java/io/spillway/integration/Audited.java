package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What {@code ./spillway audit} says, run as the launcher runs it. */
record Audited(int exitCode, String output) {

  /** Audits the IoT job with these settings on the shared cluster. */
  static Audited of(Map<String, String> settings, String... options) {
    return ofJob("iot", settings, options);
  }

  /** Audits a job with these settings on the shared cluster. */
  static Audited ofJob(String job, Map<String, String> settings, String... options) {
    Path sandbox = Path.of("..", "sandbox", "target").toAbsolutePath().normalize();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dspillway.home=" + SharedCluster.home());
    command.addAll(List.of("-cp", sandbox.resolve("classes") + ":" + sandbox + "/lib/*"));
    command.addAll(List.of("io.spillway.sandbox.cli.Main", "audit", job));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(IotRun.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return new Audited(process.exitValue(), output);
    } catch (IOException e) {
      throw new AssertionError("the audit cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Each event went to exactly one place. */
  void assertConserved() {
    assertThat(exitCode).as(output).isZero();
    assertThat(output).contains("conserved: each of ");
  }
}
