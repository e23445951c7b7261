package io.spillway.admission;

import io.spillway.event.DeadLetter;
import io.spillway.metrics.SpillwayMetrics;
import io.spillway.priority.Priority;
import java.util.Collection;
import org.apache.flink.metrics.Counter;

/**
 * How many events an operator has looked at and what became of them, as metrics: an array read and
 * an increment each. Not thread safe, as Flink's counters are not.
 */
final class AdmissionCounters {
  private final Counter[] seen = new Counter[Priority.COUNT];
  private final Counter[] admitted = new Counter[Priority.COUNT];
  private final Counter[][] rejected = new Counter[Outcome.COUNT][Priority.COUNT];
  private final Counter[] deadLetters = new Counter[DeadLetter.Reason.values().length];

  /**
   * Registers the counters.
   *
   * @param priorities those the operator decides on; others are not counted and have no metric
   * @param outcomes what may become of an event but {@link Outcome#ADMIT}
   */
  AdmissionCounters(
      SpillwayMetrics metrics, Collection<Priority> priorities, Collection<Outcome> outcomes) {
    for (Priority priority : priorities) {
      int i = priority.ordinal();
      seen[i] = metrics.eventsSeen(priority);
      admitted[i] = metrics.eventsAdmitted(priority);
      for (Outcome outcome : outcomes) {
        rejected[outcome.ordinal()][i] = metrics.eventsRejected(priority, outcome);
      }
    }
    for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
      deadLetters[reason.ordinal()] = metrics.deadLetters(reason);
    }
  }

  void seen(Priority priority) {
    seen[priority.ordinal()].inc();
  }

  void admitted(Priority priority) {
    admitted[priority.ordinal()].inc();
  }

  void rejected(Priority priority, Outcome outcome) {
    rejected[outcome.ordinal()][priority.ordinal()].inc();
  }

  void deadLetter(DeadLetter.Reason reason) {
    deadLetters[reason.ordinal()].inc();
  }
}
