package io.spillway.sql;

import io.spillway.aggregation.WindowEstimate;
import org.apache.flink.types.Row;

/**
 * What one result says of its window; null is what is not known. Public fields, as Flink keeps it
 * as a POJO; in the order of {@link CorrectedWindow#FIGURES}.
 */
public final class WindowFigures {
  /** Below as many events kept a result is not to be trusted, unless it has seen all. */
  private static final long ENOUGH = 30;

  public Long kept;
  public Double events;
  public Double coverage;
  public Double keptSum;
  public Double sum;
  public Double sumLow;
  public Double sumHigh;
  public Double mean;
  public Double meanLow;
  public Double meanHigh;
  public Double lowest;
  public Double highest;
  public Double p50;
  public Double p95;
  public Double p99;
  public Double rankError;
  public Double distinctSensors;
  public Boolean countExact;
  public Boolean reliable;

  static WindowFigures of(Row row) {
    WindowFigures figures = new WindowFigures();
    int i = 0;
    figures.kept = row.getFieldAs(i++);
    figures.events = row.getFieldAs(i++);
    figures.coverage = row.getFieldAs(i++);
    figures.keptSum = row.getFieldAs(i++);
    figures.sum = row.getFieldAs(i++);
    figures.sumLow = row.getFieldAs(i++);
    figures.sumHigh = row.getFieldAs(i++);
    figures.mean = row.getFieldAs(i++);
    figures.meanLow = row.getFieldAs(i++);
    figures.meanHigh = row.getFieldAs(i++);
    figures.lowest = row.getFieldAs(i++);
    figures.highest = row.getFieldAs(i++);
    figures.p50 = row.getFieldAs(i++);
    figures.p95 = row.getFieldAs(i++);
    figures.p99 = row.getFieldAs(i++);
    figures.rankError = row.getFieldAs(i++);
    figures.distinctSensors = row.getFieldAs(i++);
    figures.countExact = row.getFieldAs(i++);
    figures.reliable = row.getFieldAs(i);
    return figures;
  }

  static WindowFigures of(WindowEstimate estimate) {
    WindowFigures figures = new WindowFigures();
    figures.kept = estimate.kept();
    figures.events = estimate.count();
    figures.coverage = known(estimate.coverage());
    figures.keptSum = estimate.keptSum();
    figures.sum = known(estimate.sum().value());
    figures.sumLow = known(estimate.sum().low());
    figures.sumHigh = known(estimate.sum().high());
    figures.mean = known(estimate.mean().value());
    figures.meanLow = known(estimate.mean().low());
    figures.meanHigh = known(estimate.mean().high());
    figures.lowest = known(estimate.min());
    figures.highest = known(estimate.max());
    figures.p50 = known(estimate.quantiles().p50());
    figures.p95 = known(estimate.quantiles().p95());
    figures.p99 = known(estimate.quantiles().p99());
    figures.rankError = known(estimate.quantiles().rankError());
    figures.distinctSensors = estimate.distinctKeys();
    figures.countExact = estimate.countExact();
    figures.reliable = estimate.reliable();
    return figures;
  }

  private static Double known(double value) {
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }

  /** Adds up what can be added: what was kept, how many there were, smallest and largest. */
  void add(WindowFigures other) {
    kept = kept == null ? other.kept : Long.valueOf(kept + zero(other.kept));
    events = sum(events, other.events);
    keptSum = sum(keptSum, other.keptSum);
    lowest = either(lowest, other.lowest, Math::min);
    highest = either(highest, other.highest, Math::max);
  }

  /**
   * A result and corrections without samples to merge: exact once everything was seen; before that
   * nothing is known but how much is missing.
   */
  static WindowFigures added(WindowFigures first, WindowFigures corrections) {
    WindowFigures all = new WindowFigures();
    all.add(first);
    all.keptSum = first.keptSum == null && isWhole(first) ? first.sum : first.keptSum;
    all.add(corrections);
    if (all.kept != null && all.events != null && all.events > 0) {
      all.coverage = Math.min(1.0, all.kept / all.events);
    }
    if (isWhole(all)) {
      all.sum = all.keptSum;
      all.sumLow = all.sum;
      all.sumHigh = all.sum;
      all.mean = all.sum == null ? null : Double.valueOf(all.sum / all.events);
      all.meanLow = all.mean;
      all.meanHigh = all.mean;
    }
    all.countExact = false;
    all.reliable = isWhole(all) || zero(all.kept) >= ENOUGH && all.sum != null;
    return all;
  }

  /** Corrections of a result that is not there: of how many events they are is not known. */
  static WindowFigures withoutFirst(WindowFigures corrections) {
    WindowFigures all = new WindowFigures();
    all.add(corrections);
    all.events = null;
    all.countExact = false;
    all.reliable = false;
    return all;
  }

  private static boolean isWhole(WindowFigures figures) {
    return figures.coverage != null && figures.coverage == 1.0;
  }

  Row row(long corrections) {
    return Row.of(
        kept,
        events,
        coverage,
        keptSum,
        sum,
        sumLow,
        sumHigh,
        mean,
        meanLow,
        meanHigh,
        lowest,
        highest,
        p50,
        p95,
        p99,
        rankError,
        distinctSensors,
        countExact,
        reliable,
        corrections);
  }

  private static long zero(Long number) {
    return number == null ? 0 : number;
  }

  private static Double sum(Double one, Double other) {
    return either(one, other, Double::sum);
  }

  private static Double either(
      Double one, Double other, java.util.function.DoubleBinaryOperator both) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return both.applyAsDouble(one, other);
  }
}
