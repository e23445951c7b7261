package io.spillway.sql;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/**
 * {@code weighted_mean(value, weight)}: the mean over the events that happened, with its bounds.
 */
@FunctionHint(output = @DataTypeHint(WeightedTotals.RESULT))
public final class WeightedMean extends AggregateFunction<Row, WeightedTotals> {
  private static final long serialVersionUID = 1L;

  @Override
  public WeightedTotals createAccumulator() {
    return new WeightedTotals();
  }

  @Override
  public Row getValue(WeightedTotals totals) {
    return totals.mean();
  }

  public void accumulate(WeightedTotals totals, Double value, Double weight) {
    totals.add(value, weight, 1);
  }

  public void retract(WeightedTotals totals, Double value, Double weight) {
    totals.add(value, weight, -1);
  }

  public void merge(WeightedTotals totals, Iterable<WeightedTotals> others) {
    others.forEach(totals::merge);
  }
}
