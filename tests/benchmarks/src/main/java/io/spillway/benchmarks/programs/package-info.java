/**
 * Programs that are not Flink, and limiters in front of workers, run in place of the job and judged
 * from the same topics. They have less to do than the job: no decoding, no windows, no checkpoints,
 * no ledger.
 */
package io.spillway.benchmarks.programs;
