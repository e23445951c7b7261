package io.spillway.benchmarks.programs;

import io.spillway.benchmarks.overload.OverloadPlan;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.RunResult;
import io.spillway.sandbox.measure.StageResult;

/**
 * What came of one run of one side, all but the lost of the whole stage at 5x, its beginning too.
 *
 * @param goodput results per second
 * @param inTime those of them within a second of when their event was to be sent
 * @param criticalP99 of the CRITICAL events that have a result, in milliseconds
 * @param criticalLost CRITICAL events without a result, of those of the whole run
 * @param unaccounted events of the whole run of which nothing is known: a program keeps no ledger
 */
public record ProgramFigures(
    double goodput, double inTime, double criticalP99, double criticalLost, double unaccounted) {

  static ProgramFigures of(RunResult run) {
    StageResult overload = run.stage(OverloadPlan.AT_5X);
    return new ProgramFigures(
        overload.goodputPerSecond(),
        overload.timelyPerSecond(),
        overload.of(Priority.CRITICAL).p99Millis(),
        run.accounts().produced(Priority.CRITICAL)
            - run.accounts().count(Priority.CRITICAL, Fate.DELIVERED),
        run.accounts().count(Fate.UNACCOUNTED));
  }
}
