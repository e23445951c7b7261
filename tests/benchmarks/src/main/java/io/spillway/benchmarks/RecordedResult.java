package io.spillway.benchmarks;

import java.util.Comparator;

/**
 * A figure as a report has it, with the run it is of.
 *
 * @param command what yields it again
 * @param quick whether it was a look and not a result
 */
record RecordedResult(GoalResult result, BenchRun run, String command, boolean quick) {
  /** Which of two results of one figure stands: the last one is a full run, and then the newest. */
  static final Comparator<RecordedResult> BY_WORTH =
      Comparator.comparing((RecordedResult recorded) -> !recorded.quick())
          .thenComparing(recorded -> recorded.run().at());
}
