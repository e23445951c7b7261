package io.spillway.benchmarks.programs;

import io.spillway.priority.Priority;
import java.util.Optional;

/** Decides at once whether an event may go to the workers; never waits. Thread safe. */
@FunctionalInterface
interface Gate {
  /**
   * Asks for one event.
   *
   * @return what to run when the work on it is done; empty if the event is turned away
   */
  Optional<Runnable> enter(Priority priority);
}
