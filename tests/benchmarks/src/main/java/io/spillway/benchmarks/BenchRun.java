package io.spillway.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * One run of the bench: when, of which sources, on what. What cannot be found out is {@code
 * unknown}; no run fails for it.
 *
 * @param commit short hash, with {@code -dirty} if the sources differed from it
 * @param load average load of the minute before the run, in processors; NaN where it is not known
 */
record BenchRun(Instant at, String commit, Machine machine, Versions versions, double load) {
  private static final String UNKNOWN = "unknown";

  /**
   * @param memoryMiB memory of the machine, not of this process
   */
  record Machine(String cpu, int processors, long memoryMiB, String os) {
    private static Machine here() {
      return new Machine(
          valueOf(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch")),
          Runtime.getRuntime().availableProcessors(),
          Long.parseLong(valueOf(Path.of("/proc/meminfo"), "MemTotal", "0 kB").split(" ")[0])
              / 1024,
          System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    String words() {
      return "%s, %d processors, %.1f GiB, %s".formatted(cpu, processors, memoryMiB / 1024.0, os);
    }

    /** The value of the first line {@code name : value} of a file. */
    private static String valueOf(Path file, String name, String otherwise) {
      try (Stream<String> lines = Files.lines(file)) {
        return lines
            .filter(line -> line.startsWith(name))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(otherwise);
      } catch (IOException e) {
        // Another operating system.
        return otherwise;
      }
    }
  }

  /** The programs that were measured, and those they ran on. */
  record Versions(String java, String flink, String kafka, String kafkaClients) {
    private static Versions here(Path root) {
      return new Versions(
          System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
          EnvironmentInformation.getVersion(),
          broker(root.resolve("tests/sandbox/dist/kafka/target/lib")),
          AppInfoParser.getVersion());
    }

    String words() {
      return "Flink %s, Kafka %s (clients %s), %s".formatted(flink, kafka, kafkaClients, java);
    }

    private static String broker(Path jars) {
      String before = "kafka-server-";
      try (Stream<Path> files = Files.list(jars)) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches(before + "\\d.*\\.jar"))
            .map(name -> name.substring(before.length(), name.length() - ".jar".length()))
            .findFirst()
            .orElse(UNKNOWN);
      } catch (IOException e) {
        return UNKNOWN;
      }
    }
  }

  /** A run that begins now, of the repository at this root. */
  static BenchRun now(Path root) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return new BenchRun(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        commit(root),
        Machine.here(),
        Versions.here(root),
        load < 0 ? Double.NaN : load);
  }

  private static String commit(Path root) {
    List<String> describe = List.of("git", "describe", "--always", "--dirty", "--exclude", "*");
    try {
      Process git =
          new ProcessBuilder(describe)
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!git.waitFor(10, TimeUnit.SECONDS)) {
        git.destroyForcibly();
        return UNKNOWN;
      }
      String commit =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.exitValue() == 0 && !commit.isEmpty() ? commit : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
