package io.spillway.admission;

import io.spillway.priority.Priority;
import java.util.Map;

/**
 * Weighted early detection on a lane's own buffers (after Floyd and Jacobson's RED and Cisco's
 * WRED): an event enters only while the fill of its lane is below the ceiling of its priority. A
 * lane that is never quite full never blocks its task, and a task that never blocks keeps serving
 * the other lanes.
 *
 * <p>Cross-lane rule: as the lane of more important events fills from {@value #YIELD_FROM} to
 * {@value #YIELD_TO}, the ceilings of the lanes below fall to zero, so the shared stage turns to
 * the important lane. A priority that has a floor keeps {@value #REST} of its ceiling: enough for
 * the shared stage to find events of it whenever their turn comes.
 *
 * <p>For samples of whole keys a gate that is open or shut would cut holes into every key. There
 * {@link #share} takes its place: from the ceiling to {@value #NARROWS_OVER} above it the share
 * that may enter falls from 1 to 0, those with the smallest hashes first, so that they stay whole
 * longest. Pure; thread safe.
 */
public final class LaneGate {
  /** Fill of the more important lane at which the lanes below begin to yield. */
  static final double YIELD_FROM = 0.3;

  /** Fill of the more important lane at which the lanes below are shut. */
  static final double YIELD_TO = 0.8;

  private static final double CLOSES_BY = 1 / (YIELD_TO - YIELD_FROM);

  /** Share of its ceiling that a priority with a floor keeps whatever the lanes above it hold. */
  static final double REST = 0.5;

  /** Fill above its ceiling over which the share of a priority that may enter falls to zero. */
  static final double NARROWS_OVER = 0.1;

  private final double[] ceilings = new double[Priority.COUNT];
  private final double[] rests = new double[Priority.COUNT];

  /**
   * A gate with these ceilings (share of the lane's buffers, 0..1); a priority without one is never
   * refused.
   *
   * @param floors share of the capacity that a priority keeps, 0..1; absent for none
   */
  public LaneGate(Map<Priority, Double> ceilingByPriority, Map<Priority, Double> floors) {
    for (Priority priority : Priority.values()) {
      int i = priority.ordinal();
      ceilings[i] = ceilingByPriority.getOrDefault(priority, Double.POSITIVE_INFINITY);
      boolean unbounded = ceilings[i] == Double.POSITIVE_INFINITY;
      rests[i] = unbounded ? 1 : floors.getOrDefault(priority, 0.0) > 0 ? REST : 0;
    }
  }

  /**
   * Whether an event may enter its lane.
   *
   * @param fill share of the lane's buffers in use, 0..1
   * @param fillAbove the same of the fullest lane that matters more; 0 where there is none
   */
  public boolean admits(Priority priority, double fill, double fillAbove) {
    return fill < ceilings[priority.ordinal()] * open(priority, fillAbove);
  }

  /** What is left of its ceiling to a priority, 0..1. */
  private double open(Priority priority, double fillAbove) {
    if (fillAbove <= YIELD_FROM) {
      return 1;
    }
    double open = (YIELD_TO - fillAbove) * CLOSES_BY;
    double rest = rests[priority.ordinal()];
    return open > rest ? open : rest;
  }

  /**
   * The share of the keys of a priority that may enter, 0..1; 1 wherever {@link #admits} says yes.
   */
  public double share(Priority priority, double fill, double fillAbove) {
    if (admits(priority, fill, fillAbove)) {
      return 1;
    }
    double open = open(priority, fillAbove);
    double over = fill - ceilings[priority.ordinal()] * open;
    return open == 0 ? 0 : Math.max(0.0, 1 - over / (NARROWS_OVER * open));
  }
}
