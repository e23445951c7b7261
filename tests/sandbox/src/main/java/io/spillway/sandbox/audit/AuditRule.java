package io.spillway.sandbox.audit;

import io.spillway.sandbox.cluster.JobName;
import java.util.Map;

/**
 * What holds for the topics of a job.
 *
 * @param withReceipts it writes a receipt for each event it has processed
 * @param withAlerts it writes an alert for each critical event it has processed
 * @param resultsOnce nothing may come twice, receipts included
 * @param recordsOnce no ledger entry and no dead letter may come twice: they are in transactions
 */
public record AuditRule(
    boolean withReceipts, boolean withAlerts, boolean resultsOnce, boolean recordsOnce) {

  /** The rule for the IoT job with these settings. */
  public static AuditRule of(Map<String, String> settings, boolean once) {
    return of(JobName.IOT, settings, once);
  }

  /**
   * The rule for a job with these settings. Receipts are at least once whatever it is told.
   *
   * @param once whether to take it that there was no failure after which anything comes twice
   */
  public static AuditRule of(JobName job, Map<String, String> settings, boolean once) {
    return new AuditRule(
        !settings.getOrDefault("receipts.topic", "").isEmpty(),
        !job.alerts(settings).isEmpty(),
        once,
        once
            || "exactly-once"
                .equalsIgnoreCase(settings.getOrDefault("kafka.delivery", job.delivery())));
  }
}
