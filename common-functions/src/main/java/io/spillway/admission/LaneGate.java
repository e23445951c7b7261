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
 * the important lane.
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

  /** Fill above its ceiling over which the share of a priority that may enter falls to zero. */
  static final double NARROWS_OVER = 0.1;

  private final double[] ceilings = new double[Priority.COUNT];

  /**
   * A gate with these ceilings (share of the lane's buffers, 0..1); a priority without one is never
   * refused.
   */
  public LaneGate(Map<Priority, Double> ceilingByPriority) {
    for (Priority priority : Priority.values()) {
      ceilings[priority.ordinal()] =
          ceilingByPriority.getOrDefault(priority, Double.POSITIVE_INFINITY);
    }
  }

  /**
   * Whether an event may enter its lane.
   *
   * @param fill share of the lane's buffers in use, 0..1
   * @param fillAbove the same of the fullest lane that matters more; 0 where there is none
   */
  public boolean admits(Priority priority, double fill, double fillAbove) {
    double ceiling = ceilings[priority.ordinal()];
    if (ceiling == Double.POSITIVE_INFINITY) {
      return true;
    }
    if (fillAbove > YIELD_FROM) {
      ceiling *= Math.max(0.0, (YIELD_TO - fillAbove) / (YIELD_TO - YIELD_FROM));
    }
    return fill < ceiling;
  }

  /**
   * The share of the keys of a priority that may enter, 0..1; 1 wherever {@link #admits} says yes.
   */
  public double share(Priority priority, double fill, double fillAbove) {
    if (admits(priority, fill, fillAbove)) {
      return 1;
    }
    double open = Math.max(0.0, Math.min(1.0, (YIELD_TO - fillAbove) / (YIELD_TO - YIELD_FROM)));
    double over = fill - ceilings[priority.ordinal()] * open;
    return open == 0 ? 0 : Math.max(0.0, 1 - over / (NARROWS_OVER * open));
  }
}
