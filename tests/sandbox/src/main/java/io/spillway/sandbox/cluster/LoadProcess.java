package io.spillway.sandbox.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The load generator in a JVM of its own, beside the cluster and not in it, so that it takes no
 * slots and no network buffers from the job under load. It ends with the JVM that started it.
 */
public final class LoadProcess {
  static final String PREFIX = "load-";

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final ManagedProcess process;
  private final Thread onExit;

  private LoadProcess(ManagedProcess process) {
    this.process = process;
    this.onExit = new Thread(process::kill, "end-load");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  static LoadProcess start(
      Path stateDir,
      Distribution distribution,
      String bootstrapServers,
      Map<String, String> given,
      List<String> jvmOptions) {
    Map<String, String> settings = new TreeMap<>(given);
    settings.putIfAbsent("kafka.bootstrap.servers", bootstrapServers);
    String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    ManagedProcess process = new ManagedProcess(name, stateDir);
    List<String> command = new ArrayList<>(List.of(Distribution.java(), "-Xms384m", "-Xmx768m"));
    command.addAll(jvmOptions);
    command.addAll(FlinkProcesses.javaOptions(FlinkProcesses.shared(distribution)));
    command.addAll(
        FlinkProcesses.logging(
            process.log(), distribution.flinkConf().resolve("log4j.properties")));
    command.addAll(
        List.of(
            "-cp",
            distribution.flinkClassPath() + ":" + distribution.jobsJar(),
            JobName.LOAD.className()));
    command.addAll(Submission.settingArguments(settings));
    process.start(command, Map.of(), false);
    return new LoadProcess(process);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until the profile has been played to its end. */
  public void await(Duration limit) {
    if (!process.awaitEnd(limit)) {
      throw SandboxException.failure(
          "the load generator still runs after %d s (log: %s)".formatted(limit.toSeconds(), log()));
    }
    finish();
    checkOutput();
  }

  /** Ends it now. */
  public void stop() {
    process.stop(END_LIMIT);
    finish();
  }

  public Path log() {
    return process.log();
  }

  /** The number of its process, while it runs. */
  Optional<Long> pid() {
    return process.identity().map(ProcessIdentity::pid);
  }

  private void finish() {
    process.forget();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException shuttingDown) {
      return;
    }
  }

  /** A generator that ended with an exception has printed it. */
  private void checkOutput() {
    try {
      List<String> lines = Files.readAllLines(process.out());
      Optional<String> badSetting = Submission.badSetting(lines);
      if (badSetting.isPresent()) {
        throw SandboxException.wrongUse(badSetting.get());
      }
      if (lines.stream().anyMatch(line -> line.startsWith("Exception in thread \"main\""))) {
        throw SandboxException.failure(
            "the load generator failed: %s (log: %s)"
                .formatted(new ToolRun(1, lines).cause(), log()),
            process.lastLines());
      }
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be read".formatted(process.out()), e);
    }
  }
}
