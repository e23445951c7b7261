package io.spillway.admission;

import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Set;

/**
 * Decides how much of each priority is kept. {@link OverloadController} unless {@link
 * ControlOptions} name another, which then needs a public constructor that takes the {@link
 * AdmissionOptions}; benchmarks race others against it that way. One per subtask; called in the
 * task's thread, once a tick and when a policy comes, never for a single event: an event meets only
 * the thresholds that follow from {@link #keep}.
 */
public interface AdmissionControl {
  /** Goes by these options from now on; what was learnt of load and capacity stays. */
  void follow(AdmissionOptions options);

  /** Takes in one tick and sets the keep probabilities for the next. */
  void tick(OverloadController.Tick tick);

  /** Keep probability of this priority from now on, 0 to 1. */
  double keep(Priority priority);

  /** Offered load of this priority in events per second. */
  double offered(Priority priority);

  /** What the workers do per second when they are busy; NaN while that is not known. */
  double capacity();

  /**
   * The priorities that are waited for whatever {@link #keep} says. A method that knows no
   * priorities has none: its CRITICAL events are turned away like others.
   */
  default Set<Priority> neverTurnedAway(AdmissionOptions options) {
    return options.neverTurnedAway();
  }

  /**
   * The ceilings of the {@link LaneGate}. A priority without one is waited for when its lane is
   * full, so overload becomes backpressure as far as {@link #keep} lets it.
   */
  default Map<Priority, Double> ceilings(AdmissionOptions options) {
    return options.ceilings();
  }
}
