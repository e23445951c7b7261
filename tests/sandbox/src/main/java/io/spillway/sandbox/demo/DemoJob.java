package io.spillway.sandbox.demo;

import io.spillway.sandbox.cluster.JobName;
import java.util.Map;

/** The jobs that can be shown, and what of the load is peculiar to each. */
enum DemoJob {
  IOT(JobName.IOT, Map.of()),
  /** Some commands come twice, as they do when a client asks again. */
  TRANSACTIONS(JobName.TRANSACTIONS, Map.of("duplicates.share", "0.02")),
  VIDEO(JobName.VIDEO, Map.of());

  private final JobName job;
  private final Map<String, String> generator;

  DemoJob(JobName job, Map<String, String> generator) {
    this.job = job;
    this.generator = generator;
  }

  /**
   * The job with this name, as a user writes it.
   *
   * @throws io.spillway.sandbox.cluster.SandboxException if there is none that can be overloaded
   */
  static DemoJob of(String written) {
    return valueOf(JobName.of(written).requireAdmits().name());
  }

  JobName job() {
    return job;
  }

  /** Settings of the load generator for it. */
  Map<String, String> generator() {
    return generator;
  }
}
