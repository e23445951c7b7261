package io.spillway.benchmarks.peers;

import java.util.Arrays;

/**
 * The admission level of DAGOR (Zhou et al., Overload Control for Scaling WeChat Microservices,
 * SoCC 2018, section 4): a request has a business priority and one of {@value #SUB_LEVELS} user
 * priorities, together a compound level; levels before the cursor are admitted. A window ends after
 * a second or {@value #WINDOW_REQUESTS} requests, whichever comes first. If its requests waited
 * more than {@value #OVERLOADED_MILLIS} ms on average, the service is overloaded and the next
 * window is to admit 5 % fewer than this one did; otherwise more, by 1 % of all that came. How far
 * the cursor has to move for that, a histogram of the window over compound levels tells.
 *
 * <p>Without the part that sends the level upstream, so that callers turn their own requests away:
 * whoever writes into a topic does not know who reads it. Pure; not thread safe.
 */
public final class Dagor {
  static final int SUB_LEVELS = 128;
  static final double WINDOW_SECONDS = 1;
  static final int WINDOW_REQUESTS = 2000;
  static final double OVERLOADED_MILLIS = 20;
  static final double ALPHA = 0.05;
  static final double BETA = 0.01;

  /** A window of ticks ends a little before or after its second, and must not wait for one more. */
  private static final double ROUNDING = 1e-9;

  private final double[] histogram;
  private int cursor;
  private double requests;
  private double admitted;
  private double waited;
  private double waitedMillis;
  private double seconds;

  /** Admits everything at first. */
  public Dagor(int businessPriorities) {
    histogram = new double[businessPriorities * SUB_LEVELS];
    cursor = histogram.length;
  }

  /** Requests of this compound level came. */
  public void arrived(int business, int user, double count) {
    int level = business * SUB_LEVELS + user;
    histogram[level] += count;
    requests += count;
    admitted += level < cursor ? count : 0;
  }

  /** Requests began to be processed after having waited for so long. */
  public void waited(double count, double millis) {
    waited += count;
    waitedMillis += count * millis;
  }

  /** Time has passed: ends the window if it is over, and moves the level. */
  public void passed(double more) {
    seconds += more;
    if (seconds < WINDOW_SECONDS - ROUNDING && requests < WINDOW_REQUESTS) {
      return;
    }
    if (waited > 0 && waitedMillis / waited > OVERLOADED_MILLIS) {
      down((1 - ALPHA) * admitted);
    } else {
      up(admitted + BETA * requests);
    }
    Arrays.fill(histogram, 0);
    requests = 0;
    admitted = 0;
    waited = 0;
    waitedMillis = 0;
    seconds = 0;
  }

  private void down(double expected) {
    double prefix = admitted;
    while (cursor > 0 && prefix > expected) {
      prefix -= histogram[--cursor];
    }
  }

  private void up(double expected) {
    double prefix = admitted;
    while (cursor < histogram.length && prefix < expected) {
      prefix += histogram[cursor++];
    }
  }

  /** Whether requests of this compound level are admitted. */
  public boolean admits(int business, int user) {
    return business * SUB_LEVELS + user < cursor;
  }

  /** Share of the user priorities of this business priority that are admitted. */
  public double admitted(int business) {
    int levels = cursor - business * SUB_LEVELS;
    return Math.max(0, Math.min(SUB_LEVELS, levels)) / (double) SUB_LEVELS;
  }
}
