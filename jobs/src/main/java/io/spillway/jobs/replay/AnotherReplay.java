package io.spillway.jobs.replay;

import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Two replays of one job would do the same twice. Of two at a time the second ends for good, and so
 * does one that goes on after another has settled events.
 */
final class AnotherReplay extends SuppressRestartsException {
  private static final long serialVersionUID = 1L;

  private AnotherReplay(String problem) {
    super(new IllegalStateException(problem));
  }

  static AnotherReplay isAtWork(String job, String run, long sinceMillis) {
    return new AnotherReplay(
        "job '%s' is being replayed by run '%s', which gave a sign of life %d s ago: wait for it to end"
            .formatted(job, run, sinceMillis / 1000));
  }

  static AnotherReplay hasOvertaken(String run, Set<String> others) {
    return new AnotherReplay(
        "run '%s' cannot go on, others have replayed events since it began (%s): start a new replay"
            .formatted(run, String.join(", ", others)));
  }
}
