package io.spillway.sql;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.types.Row;

/** {@code weighted_count(weight)}: how many events happened, with bounds of 95 %. */
@FunctionHint(output = @DataTypeHint(WeightedTotals.RESULT))
public final class WeightedCount extends AggregateFunction<Row, WeightedTotals> {
  private static final long serialVersionUID = 1L;

  @Override
  public WeightedTotals createAccumulator() {
    return new WeightedTotals();
  }

  @Override
  public Row getValue(WeightedTotals totals) {
    return totals.total();
  }

  public void accumulate(WeightedTotals totals, Double weight) {
    totals.add(1.0, weight, 1);
  }

  public void retract(WeightedTotals totals, Double weight) {
    totals.add(1.0, weight, -1);
  }

  public void merge(WeightedTotals totals, Iterable<WeightedTotals> others) {
    others.forEach(totals::merge);
  }
}
