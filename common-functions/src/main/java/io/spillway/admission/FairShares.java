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
 * for a noisy one only if it meets one in both rows. So time and memory (80 kB) do not depend on
 * the number of sources; of many more than {@value #BUCKETS}, one gets at most about a share of one
 * bucket. What collisions make too small is corrected by comparing what should have been kept with
 * what was.
 *
 * <p>What a source keeps is worked out for every bucket some times a second, so that an event only
 * reads and counts in a few array elements. One that begins to send too much is cut a moment later.
 *
 * <p>The lane behind turns away, too, and not at random: sources that send at a steady pace find it
 * full or find room by where in the pace of the others they come, and that for as long as nobody
 * changes its pace (phase effects, Floyd and Jacobson 1992). So a cut source has an account, as in
 * deficit round robin (Shreedhar and Varghese 1996): what it was due as the others were, less what
 * was admitted of it. Who is owed something is kept with a higher probability, up to {@value #MOST}
 * times, who got too much with a lower one, down to {@value #LEAST} times; what came of the coin of
 * earlier events is evened out by that as well. The probability of an event is still known before
 * its coin is thrown.
 *
 * <p>Pure, no clock. Not thread safe: one per operator and priority.
 */
final class FairShares {
  /** Buckets of a row, a power of two. */
  static final int BUCKETS = 4096;

  private static final int ROW_SHIFT = 24;
  private static final double MEMORY_SECONDS = 1.0;
  private static final double REFRESH_SECONDS = 0.2;
  private static final double REFRESH_CHANGE = 0.1;
  private static final int MOST_STEPS = 12;
  private static final double CLOSE = 1e-3;
  private static final float NOTHING = 1e-6f;
  private static final double CORRECTION_GAIN = 0.5;
  private static final double MOST_CORRECTION = 4;

  /** How many times its share a source may be kept with while it is owed something. */
  static final float MOST = 2;

  /** And with how many times while it has got too much. */
  static final float LEAST = 0.5f;

  /** An account is evened out over this time, and over no fewer events than these. */
  private static final double REPAY_SECONDS = 1;

  private static final double REPAY_EVENTS = 3;
  private static final double ACCOUNT_SECONDS = 10;
  private static final double ROOM_GAIN = 0.2;

  private final Row first = new Row();
  private final Row second = new Row();

  /** Events that a source is owed, by its bucket in the first row; below 0 if it got too many. */
  private final float[] owed = new float[BUCKETS];

  /** By how much an event that is owed raises the probability, relative to the share. */
  private float repay;

  /** Of what is kept by chance, the share that the lane has room for. */
  private float room = 1;

  private double meanExpected;
  private double meanAdmitted;
  private int lastBucket;
  private long admitted;
  private boolean limited;
  private double lastLevel;
  private double keep = 1;
  private double sinceSeconds;
  private double correction = 1;
  private long arrived;
  private double expected;

  /** Events of the last moments by bucket, and the share of them that is kept. */
  private static final class Row {
    final float[] sent = new float[BUCKETS];
    final float[] share = new float[BUCKETS];

    Row() {
      Arrays.fill(share, 1);
    }

    /** Ends at zero: numbers too small for their form are slow to calculate with. */
    void fade(float left) {
      for (int i = 0; i < BUCKETS; i++) {
        sent[i] = Math.max(0, sent[i] * left - NOTHING);
      }
    }

    void limit(float level) {
      for (int i = 0; i < BUCKETS; i++) {
        share[i] = level / Math.max(Math.max(level, NOTHING), sent[i]);
      }
    }

    void clear() {
      Arrays.fill(sent, 0);
      Arrays.fill(share, 1);
    }

    double total() {
      double total = 0;
      for (float one : sent) {
        total += one;
      }
      return total;
    }
  }

  /**
   * Notes an event and returns with which probability it is kept, 0 to 1.
   *
   * @param sourceHash all 64 bits uniform
   */
  double arrive(long sourceHash) {
    int i = (int) sourceHash & BUCKETS - 1;
    int j = (int) (sourceHash >>> ROW_SHIFT) & BUCKETS - 1;
    first.sent[i]++;
    second.sent[j]++;
    float share = Math.max(first.share[i], second.share[j]);
    arrived++;
    lastBucket = i;
    float account = owed[i] + share * room;
    owed[i] = account;
    if (share < 1) {
      share = Math.min(1, share * Math.max(LEAST, Math.min(MOST, 1 + account * repay)));
    }
    expected += share;
    return share;
  }

  /** The event that arrived last was kept, and there was room for it. */
  void admitted() {
    owed[lastBucket]--;
    admitted++;
  }

  /**
   * Takes in what the priority may keep from now on.
   *
   * @param seconds since the last call
   * @param keepProbability share of all events of the priority to keep from now on
   */
  void tick(double seconds, double keepProbability) {
    sinceSeconds += seconds;
    boolean changed = Math.abs(keepProbability - keep) > REFRESH_CHANGE * keep;
    if (limited && !changed && sinceSeconds < REFRESH_SECONDS) {
      return;
    }
    correct();
    keep = keepProbability;
    float left = (float) Math.exp(-sinceSeconds / MEMORY_SECONDS);
    first.fade(left);
    second.fade(left);
    fadeAccounts((float) Math.exp(-sinceSeconds / ACCOUNT_SECONDS));
    sinceSeconds = 0;
    limited = keep < 1;
    float level = limited ? (float) (correction * level(keep * first.total())) : Float.MAX_VALUE;
    repay = (float) (1 / (REPAY_EVENTS + level * REPAY_SECONDS / MEMORY_SECONDS));
    first.limit(level);
    second.limit(level);
  }

  /** Forgets what sources have sent: there is enough for all. */
  void reset() {
    if (limited) {
      first.clear();
      second.clear();
      Arrays.fill(owed, 0);
      limited = false;
      keep = 1;
      correction = 1;
      room = 1;
      meanExpected = 0;
      meanAdmitted = 0;
    }
    sinceSeconds = 0;
    forgetCounts();
  }

  private void correct() {
    if (arrived > 0 && expected > 0 && keep < 1) {
      double factor = Math.pow(keep * arrived / expected, CORRECTION_GAIN);
      correction = Math.max(1 / MOST_CORRECTION, Math.min(MOST_CORRECTION, correction * factor));
      meanExpected += ROOM_GAIN * (expected - meanExpected);
      meanAdmitted += ROOM_GAIN * (admitted - meanAdmitted);
      room = (float) (meanAdmitted / meanExpected);
    }
    forgetCounts();
  }

  private void forgetCounts() {
    arrived = 0;
    expected = 0;
    admitted = 0;
  }

  private void fadeAccounts(float left) {
    for (int i = 0; i < BUCKETS; i++) {
      float account = owed[i] * left;
      owed[i] = Math.abs(account) < NOTHING ? 0 : account;
    }
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
      for (float sent : first.sent) {
        // Without a branch: which bucket is above cannot be predicted.
        below += sent <= level ? sent : 0;
        above += sent <= level ? 0 : 1;
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
