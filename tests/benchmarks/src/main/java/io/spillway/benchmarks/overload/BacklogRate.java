package io.spillway.benchmarks.overload;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.PrometheusScrape;
import io.spillway.sandbox.measure.RunningJob;
import io.spillway.sandbox.measure.Variant;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast a job reads what is there when it starts: events per second between a fifth and nine
 * tenths of it, by the job's own counter of events seen. The job is cancelled then; no other one
 * may run beside it.
 */
public final class BacklogRate {
  private static final double FROM = 0.2;
  private static final double TO = 0.9;

  /** Seldom: to write all metrics of a TaskManager down costs some milliseconds of it. */
  private static final long SAMPLE_NANOS = 500_000_000L;

  private static final Duration LIMIT = Duration.ofMinutes(4);

  private BacklogRate() {}

  /** Starts this variant and measures it; {@code events} is what it has to read. */
  public static double of(LocalCluster cluster, Variant variant, long events) {
    PrometheusScrape scrape = new PrometheusScrape(cluster.metricsEndpoints());
    long limit = System.nanoTime() + LIMIT.toNanos();
    try (RunningJob job = RunningJob.start(cluster, variant)) {
      long fromNanos = 0;
      double fromEvents = 0;
      while (true) {
        double seen = seen(scrape);
        long now = System.nanoTime();
        if (seen >= FROM * events && fromNanos == 0) {
          fromNanos = now;
          fromEvents = seen;
        }
        if (seen >= TO * events) {
          return (seen - fromEvents) * 1e9 / (now - fromNanos);
        }
        if (now > limit) {
          throw SandboxException.failure(
              "job %s has read %.0f of %d events in %d s"
                  .formatted(job.id(), seen, events, LIMIT.toSeconds()));
        }
        LockSupport.parkNanos(SAMPLE_NANOS);
      }
    }
  }

  /** Events that the running job has seen so far. */
  public static double seen(PrometheusScrape scrape) {
    return scrape.now().seen().values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
