package io.spillway.benchmarks.cost;

/**
 * What one operation costs.
 *
 * @param nanos time in nanoseconds
 * @param bytes allocated on the heap, to a hundredth of a byte
 */
public record Cost(double nanos, double bytes) {}
