package io.spillway.sandbox.audit;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A set of offsets that comes in ranges; those that touch become one, so what is described without
 * a gap costs nothing more. Not thread safe.
 */
final class Ranges {
  /** Last offset by first, both inclusive; apart from each other by one offset at least. */
  private final NavigableMap<Long, Long> lastByFirst = new TreeMap<>();

  /**
   * Adds a range, both ends inclusive.
   *
   * @param again gets those of its offsets that were in this set before; may be null
   */
  void add(long from, long to, Ranges again) {
    long first = from;
    long last = to;
    Map.Entry<Long, Long> near = lastByFirst.floorEntry(to + 1);
    while (near != null && near.getValue() >= from - 1) {
      long overlapFrom = Math.max(from, near.getKey());
      long overlapTo = Math.min(to, near.getValue());
      if (again != null && overlapFrom <= overlapTo) {
        again.add(overlapFrom, overlapTo, null);
      }
      first = Math.min(first, near.getKey());
      last = Math.max(last, near.getValue());
      lastByFirst.remove(near.getKey());
      near = lastByFirst.floorEntry(to + 1);
    }
    lastByFirst.put(first, last);
  }

  boolean contains(long offset) {
    Map.Entry<Long, Long> near = lastByFirst.floorEntry(offset);
    return near != null && near.getValue() >= offset;
  }

  boolean isEmpty() {
    return lastByFirst.isEmpty();
  }

  /** The least offset; -1 if there is none. */
  long first() {
    return isEmpty() ? -1 : lastByFirst.firstKey();
  }

  /** The greatest offset; -1 if there is none. */
  long last() {
    return isEmpty() ? -1 : lastByFirst.lastEntry().getValue();
  }
}
