package io.spillway.benchmarks;

import io.spillway.benchmarks.loads.OnTime;
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
   * @param first what has to be said before any figure
   * @param tables shown below the figures
   */
  record Findings(
      List<GoalResult> results,
      List<Note> notes,
      List<Plot> plots,
      List<String> first,
      List<Table> tables) {
    Findings() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }

    void add(Findings more) {
      results.addAll(more.results);
      notes.addAll(more.notes);
      plots.addAll(more.plots);
      first.addAll(more.first);
      tables.addAll(more.tables);
    }

    /** How late the generators of a race were: it goes with its figures. */
    void add(OnTime load) {
      notes.add(
          new Note(
              load.race() + ", generator late in the runs that count (p99), the worst",
              Spread.of(List.of(load.worstMillis())),
              "ms"));
      if (load.thrownAway() > 0) {
        first.add(
            "%s: thrown away and made again, because the generator was late: %d"
                .formatted(load.race(), load.thrownAway()));
      }
    }
  }

  /** A figure that is good to know but that no goal is set for. */
  record Note(String what, Spread measured, String unit) {}

  /**
   * Figures side by side.
   *
   * @param rows of cells, all rows as long; its head first
   */
  record Table(String title, List<List<String>> rows) {}

  /**
   * Lines over one axis.
   *
   * @param log whether the values are shown on a logarithmic scale
   * @param lines values for each x, by what they are, in order
   */
  record Plot(String title, String xName, boolean log, double[] x, Map<String, double[]> lines) {}
}
