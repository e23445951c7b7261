package io.spillway.jobs.transactions;

/**
 * What is known of the risk of a command.
 *
 * @param score 0 (none) to 1; NaN where it is not known
 * @param degraded why the service gave no answer of its own; empty where it did, or was not asked
 * @param ageMillis how old the score is; 0 unless it is one from before
 */
public record Risk(double score, String degraded, long ageMillis) {
  /** For a command that nobody asks about. */
  public static final Risk NOT_ASKED = new Risk(Double.NaN, "");

  public Risk(double score, String degraded) {
    this(score, degraded, 0);
  }

  public boolean isDegraded() {
    return !degraded.isEmpty();
  }
}
