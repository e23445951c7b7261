package io.spillway.admission;

import io.spillway.event.EventAttributes;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;

/**
 * With which probability each event is kept: with that of its priority, or, while some of a
 * priority are kept and some are not, with one that gives its source a fair share. The source is
 * {@code ce_source}, else the record key; an event with neither has the probability of its
 * priority. Not thread safe: one per operator.
 */
public final class KeepChances {
  private final KeepThresholds thresholds;
  private final FairShares[] shares;

  /** Those that the last event met; null if it met none. */
  private FairShares met;

  /**
   * @param thresholds probabilities of the priorities; they change from tick to tick
   * @param fairSources false: that of the priority for all
   */
  public KeepChances(KeepThresholds thresholds, boolean fairSources) {
    this.thresholds = thresholds;
    this.shares = fairSources ? new FairShares[Priority.COUNT] : null;
  }

  /** The probability for the next event, 0 to 1. */
  public double of(Priority priority, RawEvent event, EventAttributes attributes) {
    double probability = thresholds.probability(priority);
    if (shares == null) {
      return probability;
    }
    met = null;
    if (probability >= 1 || probability <= 0) {
      return probability;
    }
    FairShares fair = shares[priority.ordinal()];
    byte[] source = attributes.sourceBytes() != null ? attributes.sourceBytes() : event.key();
    if (fair == null || source == null || source.length == 0) {
      return probability;
    }
    met = fair;
    return fair.arrive(NameHash.of(source));
  }

  /** The event that {@link #of} was asked about last is kept, and its lane has room for it. */
  public void admitted() {
    if (met != null) {
      met.admitted();
    }
  }

  /**
   * Whether an event stays.
   *
   * @param chance what {@link #of} says of it
   * @param hash see {@link EventHash}
   */
  public boolean keeps(Priority priority, double chance, long hash) {
    return shares == null ? thresholds.keeps(priority, hash) : KeepThresholds.keeps(chance, hash);
  }

  /**
   * Takes in what the thresholds have become.
   *
   * @param seconds since the last call
   */
  public void tick(double seconds) {
    if (shares == null) {
      return;
    }
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      double probability = thresholds.probability(priority);
      if (probability < 1) {
        if (shares[i] == null) {
          shares[i] = new FairShares();
        }
        shares[i].tick(seconds, probability);
      } else if (shares[i] != null) {
        shares[i].reset();
      }
    }
  }
}
