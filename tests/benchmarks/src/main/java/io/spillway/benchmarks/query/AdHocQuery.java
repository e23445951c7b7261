package io.spillway.benchmarks.query;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.cluster.SqlReading;
import io.spillway.sandbox.cluster.SqlScript;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A question asked while a job runs: what {@code ./spillway sql --follow -f FILE} does, followed by
 * a thread of its own until it is closed.
 */
final class AdHocQuery implements AutoCloseable {
  private final SqlScript.Running client;
  private final AtomicLong lines = new AtomicLong();
  private final Thread reader;

  private AdHocQuery(SqlScript.Running client) {
    this.client = client;
    this.reader =
        new Thread(
            () -> client.follow(line -> lines.incrementAndGet(), error -> {}), "ad-hoc query");
    reader.setDaemon(true);
  }

  /** Asks; returns before there is an answer. */
  static AdHocQuery ask(LocalCluster cluster, Path question) {
    AdHocQuery query =
        new AdHocQuery(new SqlScript(question, SqlReading.of(true, "15min")).start(cluster));
    query.reader.start();
    return query;
  }

  /** Lines of answer so far. */
  long lines() {
    return lines.get();
  }

  @Override
  public void close() {
    client.end();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }
}
