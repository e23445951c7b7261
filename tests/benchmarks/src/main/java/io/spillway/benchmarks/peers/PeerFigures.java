package io.spillway.benchmarks.peers;

/**
 * What came of one run of one side. Rates and shares are those of the whole stage at 5x, its
 * beginning too.
 *
 * @param goodput results per second
 * @param inTime those of them within a second of when their event was to be sent
 * @param criticalP99 of the CRITICAL events of the stage that have a result, in milliseconds
 * @param criticalLost CRITICAL events of the whole run that were turned away
 * @param shed share of the events of the stage that were turned away
 * @param shedCalm the same of the stage at 0.5x before both: what is turned away for nothing
 * @param settleSeconds from the step to 1.4x; NaN if it does not settle in the hold
 */
public record PeerFigures(
    double goodput,
    double inTime,
    double criticalP99,
    double criticalLost,
    double shed,
    double shedCalm,
    double settleSeconds) {}
