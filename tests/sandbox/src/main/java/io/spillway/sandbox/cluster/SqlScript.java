package io.spillway.sandbox.cluster;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A file of SQL statements, run by Flink's SQL client. If this process is interrupted, so is the
 * client, and with its session the query.
 */
public record SqlScript(Path file, SqlReading reading) {
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  /** Runs it on a cluster with a gateway; returns whether every statement succeeded. */
  public boolean run(LocalCluster cluster, Consumer<String> results, Consumer<String> errors) {
    return start(cluster).follow(results, errors);
  }

  /** Starts it; what it prints waits until it is followed. */
  public Running start(LocalCluster cluster) {
    Path log = cluster.spec().dir("log").resolve("sql-client.out");
    ProcessBuilder builder =
        new ProcessBuilder(cluster.sqlClient(reading, Optional.of(file)))
            .redirectInput(new File("/dev/null"))
            .redirectError(log.toFile());
    try {
      return new Running(builder.start(), log);
    } catch (IOException e) {
      throw SandboxException.failure("the SQL client cannot be run: " + e.getMessage(), e);
    }
  }

  /** A client at work. One thread follows it; any thread may end it. */
  public static final class Running {
    private final Process client;
    private final Path log;
    private final Thread onInterrupt = new Thread(this::end, "end-sql-client");

    private Running(Process client, Path log) {
      this.client = client;
      this.log = log;
      Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /** Hands over what it prints until it ends; returns whether every statement succeeded. */
    public boolean follow(Consumer<String> results, Consumer<String> errors) {
      SqlTranscript transcript = new SqlTranscript(results, errors);
      try (var out =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
        out.lines().forEach(transcript::line);
        int exitCode = client.waitFor();
        if (exitCode != 0 && !transcript.failed()) {
          errors.accept("the SQL client ended with exit code %d, see %s".formatted(exitCode, log));
        }
        return exitCode == 0 && !transcript.failed();
      } catch (IOException e) {
        throw SandboxException.failure("the SQL client cannot be read: " + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw SandboxException.failure("interrupted");
      } finally {
        forget(onInterrupt);
      }
    }

    /** Ends the client, and with its session the query. */
    public void end() {
      // Not client.destroy(), which closes the stream that is being read.
      client.toHandle().destroy();
      try {
        client.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void forget(Thread onInterrupt) {
      try {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
      } catch (IllegalStateException shuttingDown) {
        // It ends the client by now.
        return;
      }
    }
  }
}
