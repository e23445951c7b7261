package io.spillway.jobs.transactions;

/**
 * How many payments of an account were tried lately, this one included, and their sum in minor
 * units (which stops at the largest long).
 */
public record Velocity(long count, long sumMinor) {
  public static final Velocity NONE = new Velocity(0, 0);
}
