package io.spillway.benchmarks;

import io.spillway.sandbox.cluster.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
   * @param plots for the report
   */
  record Findings(List<GoalResult> results, List<Note> notes, List<Plot> plots) {
    Findings() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(Findings more) {
      results.addAll(more.results);
      notes.addAll(more.notes);
      plots.addAll(more.plots);
    }
  }

  /** A figure that is good to know but that no goal is set for. */
  record Note(String what, Spread measured, String unit) {}

  /**
   * Lines over one axis.
   *
   * @param log whether the values are shown on a logarithmic scale
   * @param lines values for each x, by what they are, in order
   */
  record Plot(String title, String xName, boolean log, double[] x, Map<String, double[]> lines) {}
}
