package io.spillway.jobs.load;

import java.util.random.RandomGenerator;

/**
 * Marks a share of all events, evenly but without a period: events are cut into strata of {@code
 * 1/share} events (as near as whole numbers come) and one event of each stratum is marked, which
 * one depends on the seed. So any window of events holds its share within one event, while nothing
 * that repeats (a source's turn, a priority) meets the marks more often than chance.
 *
 * <p>Everything is computed from the event number; immutable, thread safe.
 */
final class Share {
  private static final long PARTS = 1_000_000;

  private final long parts;
  private final long seed;

  /**
   * @param share from 0 to 1, in steps of a millionth
   */
  Share(double share, long seed) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, not " + share);
    }
    this.parts = Math.round(share * PARTS);
    this.seed = seed;
  }

  boolean isNone() {
    return parts == 0;
  }

  /** Whether the event with this number is marked. */
  boolean marks(long event) {
    if (parts == 0) {
      return false;
    }
    return event == markedIn(stratum(event));
  }

  /** How many events with a lower number are marked. */
  long before(long event) {
    if (parts == 0) {
      return 0;
    }
    long stratum = stratum(event);
    return stratum + (markedIn(stratum) < event ? 1 : 0);
  }

  private long stratum(long event) {
    return event * parts / PARTS;
  }

  private long markedIn(long stratum) {
    long first = first(stratum);
    return first + Long.remainderUnsigned(mix(seed ^ stratum), first(stratum + 1) - first);
  }

  private long first(long stratum) {
    return (stratum * PARTS + parts - 1) / parts;
  }

  /** Spreads the bits of a number (the finalizer of SplitMix64, as in {@link RandomGenerator}s). */
  static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
