package io.spillway.sandbox.audit;

import java.util.Map;

/**
 * What holds for the topics of a job.
 *
 * @param withReceipts it writes a receipt for each event it has processed
 * @param resultsOnce nothing may come twice, receipts included
 * @param recordsOnce no ledger entry and no dead letter may come twice: they are in transactions
 */
public record AuditRule(boolean withReceipts, boolean resultsOnce, boolean recordsOnce) {

  /**
   * The rule for a job with these settings. Receipts are at least once whatever it is told.
   *
   * @param once whether to take it that there was no failure after which anything comes twice
   */
  public static AuditRule of(Map<String, String> settings, boolean once) {
    return new AuditRule(
        !settings.getOrDefault("receipts.topic", "").isEmpty(),
        once,
        once || "exactly-once".equalsIgnoreCase(settings.get("kafka.delivery")));
  }
}
