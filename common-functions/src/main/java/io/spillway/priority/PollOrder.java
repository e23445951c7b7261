package io.spillway.priority;

import java.util.Arrays;

/**
 * Which of several levels to read next. Level 0 matters most and is read whenever it has something,
 * except that a lower level that has something is never passed over for long: out of {@code floor}
 * records that it has in common with the levels above it, at least one is its own. With a floor of
 * 20 and four levels that all have a backlog, level 0 gets 19 of 22 records and each other level
 * one.
 *
 * <p>The method is a countdown per level, in records taken from the levels above it. Of several
 * levels that are due the lowest goes first: taking from it delays nobody's countdown, so the floor
 * holds exactly however many levels there are. A level that has nothing keeps its place: what comes
 * after a pause is read at once.
 *
 * <p>Knows no clock and allocates nothing. Not thread safe.
 */
public final class PollOrder {
  /** Answer of {@link #next} where no level has anything. */
  public static final int NONE = -1;

  /** As many levels as there are bits to say which are ready. */
  static final int MAX_LEVELS = 31;

  private final int floor;
  private final int[] untilDue;

  /**
   * @param levels number of levels, 1 to 31
   * @param floor 2 or more; a lower level gets at least one record in this many
   */
  public PollOrder(int levels, int floor) {
    if (levels < 1 || levels > MAX_LEVELS) {
      throw new IllegalArgumentException(
          "%d levels of priority: give 1 to %d".formatted(levels, MAX_LEVELS));
    }
    if (floor < 2) {
      throw new IllegalArgumentException(
          "floor = %d: give 2 or more (a lower priority is read once in this many records)"
              .formatted(floor));
    }
    this.floor = floor;
    this.untilDue = new int[levels];
    Arrays.fill(untilDue, floor - 1);
  }

  /**
   * The level to read now.
   *
   * @param ready bit i is set where level i may have something
   */
  public int next(int ready) {
    for (int level = untilDue.length - 1; level > 0; level--) {
      if (untilDue[level] == 0 && (ready & 1 << level) != 0) {
        return level;
      }
    }
    return ready == 0 ? NONE : Integer.numberOfTrailingZeros(ready);
  }

  /** A record was taken from this level. */
  public void taken(int level) {
    untilDue[level] = floor - 1;
    for (int lower = level + 1; lower < untilDue.length; lower++) {
      if (untilDue[lower] > 0) {
        untilDue[lower]--;
      }
    }
  }
}
