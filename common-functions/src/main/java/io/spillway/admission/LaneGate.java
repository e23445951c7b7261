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
 * the important lane. Pure; thread safe.
 */
public final class LaneGate {
  /** Fill of the more important lane at which the lanes below begin to yield. */
  static final double YIELD_FROM = 0.3;

  /** Fill of the more important lane at which the lanes below are shut. */
  static final double YIELD_TO = 0.8;

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
}
