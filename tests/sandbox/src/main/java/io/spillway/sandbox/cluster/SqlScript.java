package io.spillway.sandbox.cluster;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A file of SQL statements, run by Flink's SQL client. If this process is interrupted, so is the
 * client, and with its session the query on the cluster.
 */
public record SqlScript(Path file, SqlReading reading) {
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  /** Runs it on a cluster with a gateway; returns whether every statement succeeded. */
  public boolean run(LocalCluster cluster, Consumer<String> results, Consumer<String> errors) {
    List<String> command = cluster.sqlClient(reading, Optional.of(file));
    SqlTranscript transcript = new SqlTranscript(results, errors);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process client = builder.start();
      Thread onInterrupt = new Thread(() -> end(client), "end-sql-client");
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      try (var out =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
        out.lines().forEach(transcript::line);
        return client.waitFor() == 0 && !transcript.failed();
      } finally {
        forget(onInterrupt);
      }
    } catch (IOException e) {
      throw SandboxException.failure("the SQL client cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
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

  private static void end(Process client) {
    // Not client.destroy(), which closes the stream that is being read.
    client.toHandle().destroy();
    try {
      client.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
