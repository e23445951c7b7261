package io.spillway.admission;

import org.apache.flink.streaming.api.operators.InputSelection;

/**
 * Whose turn it is where two lanes meet: express goes first as long as it has events, bulk gets the
 * rest, and one turn after at most {@code longestRun} events of express, so that its share, its
 * watermarks and its barriers move on under any flood.
 *
 * <p>Only ever insists on the express lane right after an event of it, or while something waits on
 * it. Whatever else its input holds (nothing, a watermark, the barrier of a checkpoint, the end),
 * the next turn is open to both, where Flink takes the lane that was not served last: so the stage
 * never sleeps on a lane that is empty, blocked by a barrier or finished while the other one has
 * work. Pure; not thread safe.
 */
final class LaneTurns {
  /** A run that is long enough to cost nothing and short enough to notice a barrier in time. */
  static final int LONGEST_RUN = 1000;

  private final int longestRun;
  private int run;
  private boolean justServedExpress;

  /**
   * @param longestRun events of express, one after the other, after which bulk has a turn; at least
   *     1
   */
  LaneTurns(int longestRun) {
    if (longestRun < 1) {
      throw new IllegalArgumentException("longest run " + longestRun + ": must be at least 1");
    }
    this.longestRun = longestRun;
  }

  /** Turns that leave this share of the events to bulk, 0 to 1, when both lanes are full. */
  static LaneTurns leavingBulk(double share) {
    double run = share > 0 ? (1 - share) / share : LONGEST_RUN;
    return new LaneTurns((int) Math.max(1, Math.min(LONGEST_RUN, run)));
  }

  void servedExpress() {
    run++;
    justServedExpress = true;
  }

  void servedBulk() {
    run = 0;
  }

  /**
   * What Flink may read next; asked after everything it has read.
   *
   * @param expressWaits whether the express lane is seen to hold something that can be read
   */
  InputSelection next(boolean expressWaits) {
    boolean expressFirst = (justServedExpress || expressWaits) && run < longestRun;
    justServedExpress = false;
    return expressFirst ? InputSelection.FIRST : InputSelection.ALL;
  }
}
