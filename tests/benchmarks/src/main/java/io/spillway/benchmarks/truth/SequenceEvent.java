package io.spillway.benchmarks.truth;

import io.spillway.aggregation.Measured;
import io.spillway.priority.Priority;

/** An event made of its number. The keys come in an order without a pattern. */
public record SequenceEvent(long number, String key, double value) implements Measured {

  static SequenceEvent of(long number, long keys) {
    // A multiplier without a common factor visits every key once per round.
    long key = Math.floorMod(number * 2_654_435_761L, keys);
    return new SequenceEvent(number, "key-" + key, 20 + number % 17);
  }

  @Override
  public double weight() {
    return 1;
  }

  @Override
  public double sampledRate() {
    return 1;
  }

  @Override
  public Priority priority() {
    return Priority.NORMAL;
  }

  @Override
  public String distinctKey() {
    return key;
  }

  @Override
  public boolean attributed() {
    return true;
  }
}
