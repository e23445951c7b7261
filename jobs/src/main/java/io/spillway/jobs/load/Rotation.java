package io.spillway.jobs.load;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Gives turns to items by weight: in each round an item has as many turns as it weighs, spread
 * evenly over the round (turn {@code k} of an item of weight {@code w} belongs at {@code (k +
 * phase) / w} of the round; turns are sorted by that). Answers for any turn number by itself,
 * without playing the turns before it. Immutable, thread safe.
 */
final class Rotation {
  private final int[] weights;
  private final int[] items;
  private final int[] earlierInRound;

  private Rotation(int[] weights, int[] items) {
    this.weights = weights;
    this.items = items;
    this.earlierInRound = new int[items.length];
    int[] seen = new int[weights.length];
    for (int i = 0; i < items.length; i++) {
      earlierInRound[i] = seen[items[i]]++;
    }
  }

  /** Turns in an order that depends on the weights only. */
  static Rotation inOrder(int... weights) {
    return sorted(weights, item -> 0.5);
  }

  /** Turns in an order that also depends on the seed. */
  static Rotation shuffled(long seed, int... weights) {
    return sorted(weights, item -> (Share.mix(seed ^ Share.mix(item)) >>> 11) * 0x1.0p-53);
  }

  private interface Phase {
    double of(int item);
  }

  private static Rotation sorted(int[] weights, Phase phase) {
    record Turn(int item, double place) {}
    Turn[] turns = new Turn[Arrays.stream(weights).reduce(0, Math::addExact)];
    int next = 0;
    for (int item = 0; item < weights.length; item++) {
      double start = phase.of(item);
      for (int k = 0; k < weights[item]; k++) {
        turns[next++] = new Turn(item, (k + start) / weights[item]);
      }
    }
    Arrays.sort(turns, Comparator.comparingDouble(Turn::place).thenComparingInt(Turn::item));
    return new Rotation(weights, Arrays.stream(turns).mapToInt(Turn::item).toArray());
  }

  /** Number of turns in a round. */
  int round() {
    return items.length;
  }

  /** Whose turn it is. */
  int item(long turn) {
    return items[(int) (turn % items.length)];
  }

  /** How many turns the item of this turn had before it. */
  long earlier(long turn) {
    int place = (int) (turn % items.length);
    return turn / items.length * weights[items[place]] + earlierInRound[place];
  }
}
