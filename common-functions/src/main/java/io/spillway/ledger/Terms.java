package io.spillway.ledger;

import io.spillway.priority.Priority;
import java.util.Arrays;

/**
 * What admission went by when it described a range.
 *
 * @param policy version of the policy; 0 for the job's own options
 * @param keep keep probability by priority, indexed by {@link Priority#ordinal()}; NaN where it is
 *     not known
 * @param atMillis when, in milliseconds since the epoch; 0 where it is not known
 */
public record Terms(long policy, double[] keep, long atMillis) {
  /** Of an entry that does not say. */
  public static Terms unknown() {
    double[] keep = new double[Priority.COUNT];
    Arrays.fill(keep, Double.NaN);
    return new Terms(0, keep, 0);
  }

  /** Whether events were treated alike, whenever that was. */
  boolean sameButForTheTime(Terms other) {
    return policy == other.policy && Arrays.equals(keep, other.keep);
  }
}
