package io.spillway.benchmarks.peers;

/**
 * A PID controller that finds the share of requests to reject, in the manner of Uber's load shedder
 * Cinnamon (Thomsen et al., PID Controller for Cinnamon, Uber engineering blog, 2023): the error is
 * what was let through to the queue, less what left it, less the room that is left up to the
 * target, all as a share of what left it. It is zero when the queue stands at its target and as
 * much comes in as goes out. Without a derivative, as there. The gains are those with which this
 * port does best here (the blog's own are for intervals and queues of another size); the ratio
 * stays within 0 to 1, and the sum within what gives that ratio. Pure; not thread safe.
 *
 * <p>{@link #kept} turns the ratio into what is kept of each tier: requests have a tier and one of
 * {@value #COHORTS} cohorts, and the least important are rejected first, as the distribution of the
 * latest requests over tiers and cohorts says.
 */
public final class RejectRatio {
  static final int COHORTS = 128;

  /** How often the ratio is set anew. */
  static final double INTERVAL_SECONDS = 0.1;

  /** The room in the queue is to be filled over three intervals or so, not within one. */
  private static final double ROOM = 0.3;

  private static final double KP = 0.05;
  private static final double KI_PER_SECOND = 0.5;

  private double sum;
  private double ratio;

  /**
   * Sets the ratio from what happened in an interval.
   *
   * @param in requests that were not rejected, whether or not the queue had room
   * @param out requests that left it
   * @param queued requests in it at the end
   * @param target requests in it that are all right
   * @return the ratio
   */
  public double update(double seconds, double in, double out, double queued, double target) {
    double error = (in - out - ROOM * (target - queued)) / Math.max(1, out);
    sum = Math.max(0, Math.min(1, sum + KI_PER_SECOND * error * seconds));
    ratio = Math.max(0, Math.min(1, KP * error + sum));
    return ratio;
  }

  public double ratio() {
    return ratio;
  }

  /**
   * The share of each tier that is kept, in whole cohorts.
   *
   * @param came requests of each tier, the most important first
   */
  public double[] kept(double[] came) {
    double total = 0;
    for (double each : came) {
      total += each;
    }
    double reject = ratio * total;
    double[] kept = new double[came.length];
    for (int tier = came.length - 1; tier >= 0; tier--) {
      double rejected = Math.min(reject, came[tier]);
      reject -= rejected;
      double share = came[tier] > 0 ? 1 - rejected / came[tier] : reject > 0 ? 0 : 1;
      kept[tier] = Math.round(share * COHORTS) / (double) COHORTS;
    }
    return kept;
  }
}
