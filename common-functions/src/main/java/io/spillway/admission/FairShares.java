package io.spillway.admission;

import java.util.Arrays;

/**
 * Divides what a priority may keep among its sources, so that one that sends too much is cut before
 * the others are: the max-min fair shares (Demers, Keshav and Shenker 1989) of the last second or
 * two. With a keep probability p for the priority there is a limit L for which
 *
 * <pre>
 *   sum over sources of min(sent, L) = p * sum over sources of sent
 * </pre>
 *
 * and a source keeps {@code min(1, L / sent)} of its events: all of them below the limit.
 *
 * <p>Sources are not listed but hashed to two rows of {@value #BUCKETS} buckets, and what a source
 * has sent is taken to be the smaller of its two (as in a count-min sketch, Cormode and
 * Muthukrishnan 2005, and Stochastic Fair Blue, Feng and others 2001): an innocent source is taken
 * for a noisy one only if it meets one in both rows. So time and memory (64 kB) do not depend on
 * the number of sources; of many more than {@value #BUCKETS}, one gets at most about a share of one
 * bucket. What collisions make too small is corrected by comparing what should have been kept with
 * what was.
 *
 * <p>Pure, no clock. Two array elements an event, some thousand every tick. Not thread safe: one
 * per operator and priority.
 */
final class FairShares {
  /** Buckets of a row, a power of two. */
  static final int BUCKETS = 4096;

  private static final int ROW_SHIFT = 24;
  private static final double MEMORY_SECONDS = 1.0;
  private static final int MOST_STEPS = 12;
  private static final double CLOSE = 1e-4;
  private static final float NOTHING = 1e-6f;
  private static final double CORRECTION_GAIN = 0.2;
  private static final double MOST_CORRECTION = 4;

  private final float[] first = new float[BUCKETS];
  private final float[] second = new float[BUCKETS];
  private double limit = Double.POSITIVE_INFINITY;
  private double lastLevel;
  private double keep = 1;
  private double correction = 1;
  private long arrived;
  private double expected;

  /**
   * Notes an event and returns with which probability it is kept, 0 to 1.
   *
   * @param sourceHash all 64 bits uniform
   */
  double arrive(long sourceHash) {
    int i = (int) sourceHash & BUCKETS - 1;
    int j = (int) (sourceHash >>> ROW_SHIFT) & BUCKETS - 1;
    double sent = Math.min(++first[i], ++second[j]);
    double share = sent <= limit ? 1 : limit / sent;
    arrived++;
    expected += share;
    return share;
  }

  /**
   * Sets the limit for what comes until the next call.
   *
   * @param seconds since the last call
   * @param keepProbability share of all events of the priority to keep from now on
   */
  void tick(double seconds, double keepProbability) {
    correct();
    keep = keepProbability;
    float left = (float) Math.exp(-seconds / MEMORY_SECONDS);
    double total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      first[i] = faded(first[i], left);
      second[i] = faded(second[i], left);
      total += first[i];
    }
    limit = keep >= 1 ? Double.POSITIVE_INFINITY : correction * level(keep * total);
  }

  /** Ends at zero: numbers too small for their form are slow to calculate with. */
  private static float faded(float sent, float left) {
    float less = sent * left;
    return less < NOTHING ? 0 : less;
  }

  /** Forgets what sources have sent: there is enough for all. */
  void reset() {
    if (limit < Double.POSITIVE_INFINITY) {
      Arrays.fill(first, 0);
      Arrays.fill(second, 0);
      limit = Double.POSITIVE_INFINITY;
      correction = 1;
    }
    arrived = 0;
    expected = 0;
  }

  private void correct() {
    if (arrived > 0 && expected > 0 && keep < 1) {
      double factor = Math.pow(keep * arrived / expected, CORRECTION_GAIN);
      correction = Math.max(1 / MOST_CORRECTION, Math.min(MOST_CORRECTION, correction * factor));
    }
    arrived = 0;
    expected = 0;
  }

  /**
   * How high the buckets may be filled so that together they take {@code budget}: Newton's method
   * on a sum that is concave in the level, so after the first step it only rises. It starts where
   * it ended last time, which is mostly close.
   */
  private double level(double budget) {
    double level = lastLevel > 0 ? lastLevel : budget / BUCKETS;
    for (int step = 0; step < MOST_STEPS; step++) {
      double below = 0;
      int above = 0;
      for (float sent : first) {
        if (sent <= level) {
          below += sent;
        } else {
          above++;
        }
      }
      double next = above == 0 ? budget / BUCKETS : Math.max(0, (budget - below) / above);
      boolean close = Math.abs(next - level) <= CLOSE * level;
      level = next;
      if (close) {
        break;
      }
    }
    lastLevel = level;
    return level;
  }
}
