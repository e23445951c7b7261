package io.spillway.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may replay: of several that claim a job at the same time, the one whose claim stands first in
 * the ledger. Claims have to be added in the order in which they stand there. Not thread safe.
 */
public final class Claims {
  private final String job;
  private final Map<String, Claim> latestByRun = new LinkedHashMap<>();

  /** The claims on this job; others are passed over. */
  public Claims(String job) {
    this.job = job;
  }

  /** Adds the next claim. A run that comes back after its end queues up anew. */
  public void add(Claim claim) {
    if (!claim.job().equals(job)) {
      return;
    }
    if (claim.ended()) {
      latestByRun.remove(claim.run());
    } else {
      latestByRun.put(claim.run(), claim);
    }
  }

  /** A valid claim of another run that came before the first one of this run. */
  public Optional<Claim> before(String run, long nowMillis) {
    for (Claim claim : latestByRun.values()) {
      if (claim.run().equals(run)) {
        return Optional.empty();
      }
      if (claim.isValid(nowMillis)) {
        return Optional.of(claim);
      }
    }
    return Optional.empty();
  }
}
