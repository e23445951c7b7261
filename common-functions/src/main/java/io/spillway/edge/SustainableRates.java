package io.spillway.edge;

import io.spillway.priority.Priority;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * What a topic can take of each priority, from the reports of all subtasks of all jobs that read
 * it: within a job the sum over its subtasks, for each reads a part; over jobs the least, for each
 * reads all. Infinite, which is full speed, where there are no reports or one knows no limit.
 *
 * <p>Reports expire: one that is older than the newest of its job by more than {@code maxAge} is
 * that of a subtask that is gone (the job has been scaled down), and all of a job expire when none
 * has come for that long, by the reader's clock. Clocks of jobs and readers are never compared.
 *
 * <p>Pure; times are nanoseconds of any clock. Not thread safe.
 */
public final class SustainableRates {
  private final String topic;
  private final long maxAgeNanos;
  private final Map<String, Job> jobs = new HashMap<>();

  private static final class Job {
    final Map<Reporter, AdmissionReport> reports = new HashMap<>();
    long newestMillis = Long.MIN_VALUE;
    long heardNanos;
  }

  private record Reporter(Priority priority, String name) {}

  /** Rates of this input topic. */
  public SustainableRates(String topic, long maxAgeNanos) {
    this.topic = topic;
    this.maxAgeNanos = maxAgeNanos;
  }

  /** Takes in a report; that of another topic changes nothing, nor does an older one. */
  public void take(AdmissionReport report, long nowNanos) {
    if (!report.topic().equals(topic)) {
      return;
    }
    Job job = jobs.computeIfAbsent(report.job(), name -> new Job());
    job.heardNanos = nowNanos;
    job.newestMillis = Math.max(job.newestMillis, report.atMillis());
    job.reports.merge(
        new Reporter(report.priority(), report.reporter()),
        report,
        (old, next) -> next.atMillis() >= old.atMillis() ? next : old);
    long oldest = job.newestMillis - maxAgeNanos / 1_000_000;
    job.reports.values().removeIf(known -> known.atMillis() < oldest);
  }

  /** Events per second of this priority that the topic can take; infinite for no limit. */
  public double perSecond(Priority priority, long nowNanos) {
    double least = Double.POSITIVE_INFINITY;
    for (Iterator<Job> all = jobs.values().iterator(); all.hasNext(); ) {
      Job job = all.next();
      if (nowNanos - job.heardNanos > maxAgeNanos) {
        all.remove();
      } else {
        least = Math.min(least, sum(job, priority));
      }
    }
    return least;
  }

  private static double sum(Job job, Priority priority) {
    double sum = 0;
    boolean any = false;
    for (AdmissionReport report : job.reports.values()) {
      if (report.priority() == priority) {
        sum += report.sustainablePerSecond();
        any = true;
      }
    }
    return any ? sum : Double.POSITIVE_INFINITY;
  }
}
