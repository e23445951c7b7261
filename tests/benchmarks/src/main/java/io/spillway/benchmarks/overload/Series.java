package io.spillway.benchmarks.overload;

import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Fate;

/**
 * What happened in each step of {@value Reaction#STEP_MILLIS} ms of a run, over all priorities.
 *
 * @param letIn events sent in the step that were not turned away
 * @param rejected events sent in the step that were turned away
 * @param delivered results that came out in the step
 * @param waiting events let in whose result was still to come at the end of the step
 */
record Series(long[] letIn, long[] rejected, long[] delivered, long[] waiting) {

  /** The first {@code steps} steps from this time on. */
  static Series of(Accounts accounts, long startMillis, int steps) {
    Series series = new Series(new long[steps], new long[steps], new long[steps], new long[steps]);
    accounts.forEach(
        (priority, fate, sent, done) -> {
          int in = step(sent - startMillis, steps);
          if (fate.isRejection()) {
            add(series.rejected, in, 1);
            return;
          }
          add(series.letIn, in, 1);
          if (fate == Fate.DEAD_LETTER) {
            return;
          }
          add(series.waiting, in, 1);
          if (fate == Fate.DELIVERED) {
            int out = step(Math.max(done, sent) - startMillis, steps);
            add(series.delivered, out, 1);
            add(series.waiting, out, -1);
          }
        });
    for (int i = 1; i < steps; i++) {
      series.waiting[i] += series.waiting[i - 1];
    }
    return series;
  }

  int steps() {
    return waiting.length;
  }

  private static int step(long millis, int steps) {
    return (int) Math.min(steps, millis / Reaction.STEP_MILLIS);
  }

  private static void add(long[] counts, int step, int n) {
    if (step < counts.length) {
      counts[step] += n;
    }
  }
}
