package io.spillway.aggregation;

/**
 * Quantiles of the values, all those that happened and not only those kept; NaN where none was.
 *
 * @param rankError how far the true rank of each may be from 0.50, 0.95 or 0.99, 95 times in 100:
 *     error of the sketches plus error of the sample (the latter as at the median, where it is
 *     largest)
 */
public record QuantileEstimates(double p50, double p95, double p99, double rankError) {}
