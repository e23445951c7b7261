package io.spillway.sql;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * {@code corrected_window(offset, run, figures, sample)}: the result of a window, merged with all
 * that replays have added to it. One row for each record about the window, in any order: first
 * results ({@code run} is NULL), of which the one with the highest offset counts, and corrections,
 * which all count. See {@link WindowParts}.
 */
@FunctionHint(output = @DataTypeHint(CorrectedWindow.RESULT))
public final class CorrectedWindow extends AggregateFunction<Row, WindowParts> {
  private static final long serialVersionUID = 1L;

  private static final String FIELDS =
      "kept BIGINT, events DOUBLE, coverage DOUBLE, kept_sum DOUBLE, `sum` DOUBLE, sum_low DOUBLE,"
          + " sum_high DOUBLE, mean DOUBLE, mean_low DOUBLE, mean_high DOUBLE, lowest DOUBLE,"
          + " highest DOUBLE, p50 DOUBLE, p95 DOUBLE, p99 DOUBLE, rank_error DOUBLE,"
          + " distinct_sensors DOUBLE, count_exact BOOLEAN, reliable BOOLEAN";
  static final String FIGURES = "ROW<" + FIELDS + ">";
  static final String RESULT = "ROW<" + FIELDS + ", corrections BIGINT>";

  @Override
  public WindowParts createAccumulator() {
    return new WindowParts();
  }

  @Override
  public Row getValue(WindowParts parts) {
    return parts.result();
  }

  public void accumulate(
      WindowParts parts,
      Long offset,
      String run,
      @DataTypeHint(FIGURES) Row figures,
      String sample) {
    WindowFigures read = WindowFigures.of(figures);
    if (run == null) {
      parts.first(offset, read, sample);
    } else {
      parts.correct(read, sample);
    }
  }

  public void merge(WindowParts parts, Iterable<WindowParts> others) {
    others.forEach(parts::merge);
  }
}
