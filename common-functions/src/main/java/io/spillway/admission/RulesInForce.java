package io.spillway.admission;

import io.spillway.priority.Priority;

/**
 * What admission goes by under one policy, in the form in which an event is looked at: an array
 * read for each question. Immutable; thread safe.
 */
final class RulesInForce {
  private final boolean[] waitsFor = new boolean[Priority.COUNT];
  private final boolean[] defers = new boolean[Priority.COUNT];
  private final Deadlines deadlines;
  private final LaneGate gate;

  /**
   * @param options the job's own, with the policy laid over them
   * @param control who decides how much is kept
   */
  RulesInForce(AdmissionOptions options, AdmissionControl control) {
    for (Priority priority : control.neverTurnedAway(options)) {
      waitsFor[priority.ordinal()] = true;
    }
    options
        .overload()
        .forEach((priority, what) -> defers[priority.ordinal()] = what == Overload.DEFER);
    deadlines = new Deadlines(options.maxAges());
    gate = new LaneGate(control.ceilings(options), options.floors());
  }

  /** Whether events of this priority are never turned away. */
  boolean waitsFor(Priority priority) {
    return waitsFor[priority.ordinal()];
  }

  /** Whether events of this priority that there is no room for are left in Kafka. */
  boolean defers(Priority priority) {
    return defers[priority.ordinal()];
  }

  Deadlines deadlines() {
    return deadlines;
  }

  LaneGate gate() {
    return gate;
  }
}
