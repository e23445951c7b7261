package io.spillway.benchmarks;

import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.List;

/** A piece of work that yields the figures of one or more goals. */
interface Measurement {
  /** How many seconds it will take, about. */
  double seconds();

  /** Measures; blocks until it is done. */
  Findings measure(Progress progress);

  /**
   * What came out.
   *
   * @param notes figures without a goal
   */
  record Findings(List<GoalResult> results, List<Note> notes) {
    Findings() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(Findings more) {
      results.addAll(more.results);
      notes.addAll(more.notes);
    }
  }

  /** A figure that is good to know but that no goal is set for. */
  record Note(String what, Spread measured, String unit) {}
}
