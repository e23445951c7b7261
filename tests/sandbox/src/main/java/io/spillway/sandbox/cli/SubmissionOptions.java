package io.spillway.sandbox.cli;

import io.spillway.sandbox.cluster.SandboxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** With which settings, how parallel and to which cluster a job is submitted. */
final class SubmissionOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a setting of the job (repeatable)")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = {"-p", "--parallelism"},
      paramLabel = "N",
      defaultValue = "0",
      description = "parallelism; default: that of the configuration")
  private int parallelism;

  @Option(
      names = "--jobmanager",
      paramLabel = "HOST:PORT",
      description = "REST address of another cluster")
  private Optional<String> jobManager = Optional.empty();

  Map<String, String> settings() {
    return settings;
  }

  /** 0: that of the configuration. */
  int parallelism() {
    if (parallelism < 0) {
      throw SandboxException.wrongUse("-p %d: give a number from 1".formatted(parallelism));
    }
    return parallelism;
  }

  /** Host and port of another cluster; empty: the one here. */
  Optional<String> otherCluster() {
    jobManager.ifPresent(SubmissionOptions::requireHostAndPort);
    return jobManager;
  }

  private static void requireHostAndPort(String address) {
    if (!address.matches("[^:/\\s]+:\\d{1,5}")) {
      throw SandboxException.wrongUse(
          "--jobmanager %s: write HOST:PORT, such as localhost:8081".formatted(address));
    }
  }
}
