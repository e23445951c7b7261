package io.spillway.benchmarks.loads;

import io.spillway.jobs.work.SimulatedWork;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Accounts;
import io.spillway.sandbox.measure.Fate;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What one run under one shape of load showed.
 *
 * @param goodput results that came out while it lasted / those that could have: in each tenth of a
 *     second what was offered, but no more than the capacity
 * @param criticalRatio p99 of CRITICAL while it lasted / in the calm before it
 * @param criticalMillis p99 of CRITICAL while it lasted, from the intended send time
 * @param criticalLost CRITICAL events without a result
 * @param unaccounted events of which nothing is known
 */
public record ShapeFigures(
    double goodput,
    double criticalRatio,
    double criticalMillis,
    long criticalLost,
    long unaccounted) {
  private static final int STEP_MILLIS = 100;
  private static final int DIGITS = 3;

  /**
   * Judges a run.
   *
   * @param capacityPerSecond of the workers when they are not slow
   * @param calmFrom from when to when the calm lasted, milliseconds since the epoch
   * @param shapeFrom the same of the shape
   */
  static ShapeFigures of(
      Accounts accounts,
      double capacityPerSecond,
      Duration slowEvery,
      long calmFrom,
      long calmTo,
      long shapeFrom,
      long shapeTo) {
    Histogram calm = new Histogram(DIGITS);
    Histogram shape = new Histogram(DIGITS);
    long[] offered = new long[(int) ((shapeTo - shapeFrom) / STEP_MILLIS)];
    long[] delivered = {0};
    accounts.forEach(
        (priority, fate, sent, done) -> {
          boolean isOut = fate == Fate.DELIVERED;
          if (sent >= shapeFrom && sent < shapeTo) {
            offered[(int) Math.min(offered.length - 1, (sent - shapeFrom) / STEP_MILLIS)]++;
          }
          if (isOut && done >= shapeFrom && done < shapeTo) {
            delivered[0]++;
          }
          if (isOut && priority == Priority.CRITICAL) {
            if (sent >= shapeFrom && sent < shapeTo) {
              shape.recordValue(Math.max(0, done - sent));
            } else if (sent >= calmFrom && sent < calmTo) {
              calm.recordValue(Math.max(0, done - sent));
            }
          }
        });
    double possible = 0;
    for (int i = 0; i < offered.length; i++) {
      boolean slow = SimulatedWork.isSlow(shapeFrom + (long) i * STEP_MILLIS, slowEvery);
      double capacity = capacityPerSecond * (slow ? 0.5 : 1) * STEP_MILLIS / 1000;
      possible += Math.min(offered[i], capacity);
    }
    return new ShapeFigures(
        delivered[0] / possible,
        (double) shape.getValueAtPercentile(99) / calm.getValueAtPercentile(99),
        shape.getValueAtPercentile(99),
        accounts.produced(Priority.CRITICAL) - accounts.count(Priority.CRITICAL, Fate.DELIVERED),
        accounts.count(Fate.UNACCOUNTED));
  }
}
