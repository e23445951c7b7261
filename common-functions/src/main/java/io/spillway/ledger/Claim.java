package io.spillway.ledger;

/**
 * A replay says that it is at work for a job, again and again until it ends, so that no second one
 * does the same at the same time.
 *
 * @param run which replay
 * @param job whose deferred events it reads
 * @param atMillis when it said so, in milliseconds since the epoch
 * @param ended true in its last claim
 */
public record Claim(String run, String job, long atMillis, boolean ended) implements LedgerRecord {
  /** A claim that is as old as this is no longer valid: whoever made it is dead. */
  public static final long VALID_MILLIS = 60_000;

  boolean isValid(long nowMillis) {
    return !ended && nowMillis - atMillis < VALID_MILLIS;
  }
}
