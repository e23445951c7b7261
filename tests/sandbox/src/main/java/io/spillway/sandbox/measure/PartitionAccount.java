package io.spillway.sandbox.measure;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.util.Arrays;

/**
 * The account of one input partition: nine bytes for each offset, whatever the order in which the
 * topics tell about it. Times are milliseconds since the epoch of the run, so that an int holds
 * them. Not thread safe.
 */
final class PartitionAccount {
  static final int NEVER = Integer.MIN_VALUE;

  /** An offset beyond this is a broken record, not a bigger array. */
  private static final long MAX_OFFSET = 1L << 27;

  private static final int PRIORITY = 0b11;
  private static final int PRODUCED = 0b100;
  private static final int DEAD = 0b1000;
  private static final int OUTCOME_SHIFT = 4;

  private final Totals totals;
  private byte[] facts = new byte[1024];
  private int[] sent = new int[1024];
  private int[] done = filled(new int[1024], 0);
  private int size;

  PartitionAccount(Totals totals) {
    this.totals = totals;
  }

  /** Number of offsets from 0 to the last one that any topic told about. */
  int size() {
    return size;
  }

  boolean isProduced(int offset) {
    return (facts[offset] & PRODUCED) != 0;
  }

  boolean isKnownOnlyFromOutputs(int offset) {
    return !isProduced(offset) && (facts[offset] != 0 || done[offset] != NEVER);
  }

  Priority priority(int offset) {
    return Priority.of(facts[offset] & PRIORITY);
  }

  int sent(int offset) {
    return sent[offset];
  }

  /** When its first result came out, or {@link #NEVER}. */
  int done(int offset) {
    return done[offset];
  }

  Fate fate(int offset) {
    if (done[offset] != NEVER) {
      return Fate.DELIVERED;
    }
    int outcome = (facts[offset] & 0xff) >> OUTCOME_SHIFT;
    if (outcome != Outcome.ADMIT.ordinal()) {
      return Fate.of(outcome);
    }
    return (facts[offset] & DEAD) != 0 ? Fate.DEAD_LETTER : Fate.UNACCOUNTED;
  }

  void produced(long offset, Priority priority, int sentAt) {
    int i = index(offset);
    if (i < 0 || isProduced(i)) {
      return;
    }
    facts[i] |= (byte) (PRODUCED | priority.ordinal());
    sent[i] = sentAt;
    totals.add(priority, fate(i), 1);
  }

  /** Returns whether this is the first result of this offset. */
  boolean delivered(long offset, int at) {
    int i = index(offset);
    if (i < 0) {
      return true;
    }
    boolean first = done[i] == NEVER;
    if (first || at < done[i]) {
      Fate before = fate(i);
      done[i] = at;
      moved(i, before);
    }
    return first;
  }

  void rejected(long offset, Outcome outcome) {
    int i = index(offset);
    if (i >= 0) {
      Fate before = fate(i);
      facts[i] = (byte) ((facts[i] & 0xf) | (outcome.ordinal() << OUTCOME_SHIFT));
      moved(i, before);
    }
  }

  void deadLetter(long offset) {
    int i = index(offset);
    if (i >= 0) {
      Fate before = fate(i);
      facts[i] |= DEAD;
      moved(i, before);
    }
  }

  private void moved(int i, Fate before) {
    if (isProduced(i)) {
      totals.add(priority(i), before, -1);
      totals.add(priority(i), fate(i), 1);
    }
  }

  private int index(long offset) {
    if (offset < 0 || offset > MAX_OFFSET) {
      totals.outOfRange++;
      return -1;
    }
    int i = (int) offset;
    if (i >= facts.length) {
      int before = facts.length;
      int length = Math.max(i + 1, before + (before >> 1));
      facts = Arrays.copyOf(facts, length);
      sent = Arrays.copyOf(sent, length);
      done = filled(Arrays.copyOf(done, length), before);
    }
    size = Math.max(size, i + 1);
    return i;
  }

  private static int[] filled(int[] array, int from) {
    Arrays.fill(array, from, array.length, NEVER);
    return array;
  }

  /** Running totals over all partitions, by priority and fate. */
  static final class Totals {
    private final long[][] counts = new long[Priority.COUNT][Fate.COUNT];
    private long outOfRange;

    long count(Priority priority, Fate fate) {
      return counts[priority.ordinal()][fate.ordinal()];
    }

    long outOfRange() {
      return outOfRange;
    }

    private void add(Priority priority, Fate fate, int difference) {
      counts[priority.ordinal()][fate.ordinal()] += difference;
    }
  }
}
