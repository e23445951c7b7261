package io.spillway.benchmarks.peers;

/**
 * Uniform random drop at the right rate (the baseline "random" of DAGOR's evaluation and of load
 * shedding for streams since Tatbul et al., VLDB 2003): every event has the same chance, capacity /
 * offered. An oracle: the capacity is told to it, and the offered load is exact. Pure; thread safe.
 *
 * @param capacityPerSecond what the workers can do
 */
public record RandomRate(double capacityPerSecond) {
  public RandomRate {
    if (!(capacityPerSecond > 0 && capacityPerSecond < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("no capacity: " + capacityPerSecond);
    }
  }

  /** The share that is kept of this load, events per second. */
  public double keep(double offeredPerSecond) {
    return offeredPerSecond <= capacityPerSecond ? 1 : capacityPerSecond / offeredPerSecond;
  }
}
