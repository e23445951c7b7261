package io.spillway.jobs.replay;

import org.apache.flink.runtime.execution.SuppressRestartsException;

/** Two replays of one job at a time would do everything twice: the second one ends, for good. */
final class AnotherReplay extends SuppressRestartsException {
  private static final long serialVersionUID = 1L;

  AnotherReplay(String job, String run, long sinceMillis) {
    super(
        new IllegalStateException(
            "job '%s' is being replayed by run '%s', which gave a sign of life %d s ago: wait for it to end"
                .formatted(job, run, sinceMillis / 1000)));
  }
}
