package io.spillway.quota;

/**
 * {@link TokenBucket}s by the hash of their name, without an object for any of them: a hash table
 * with linear probing (Knuth, The Art of Computer Programming 3, section 6.4, algorithms L and R)
 * in one array, at most half full. A bucket among a million is one wait for memory, where a map of
 * boxed numbers to objects waits for each object on the way. A bucket is handed out as a copy that
 * does not leave its caller, so the compiler makes no object of it, and is written back.
 *
 * <p>Where a hash belongs depends on a number that is kept secret, so that nobody can choose names
 * which all belong to one place. Grows by doubling, to 64 to 128 bytes for each bucket; does not
 * shrink.
 *
 * <p>Pure but for that number. Not thread safe.
 */
final class BucketTable {
  private static final int FEWEST_SLOTS = 16;

  /** What a slot is made of. */
  private static final int HASH = 0;

  private static final int IS_TAKEN = 1;
  private static final int PERMITS = 2;
  private static final int AT_NANOS = 3;
  private static final int STRIDE = 4;

  private final long factor;
  private long[] words;
  private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FEWEST_SLOTS);
  private int size;

  /** Which buckets stay. */
  interface Rule {
    /**
     * @param bucket a copy
     */
    boolean keeps(long hash, TokenBucket bucket);
  }

  /**
   * @param secret any number
   */
  BucketTable(long secret) {
    this.factor = secret | 1;
    this.words = new long[FEWEST_SLOTS * STRIDE];
  }

  /** How many buckets there are. */
  int size() {
    return size;
  }

  /** Where the bucket of this hash is, until one is added or removed; negative for nowhere. */
  int find(long hash) {
    int at = home(hash);
    while (words[at + IS_TAKEN] != 0) {
      if (words[at + HASH] == hash) {
        return at;
      }
      at = after(at);
    }
    return -1;
  }

  /** Adds the bucket of a hash that has none; where it is. */
  int add(long hash, TokenBucket bucket) {
    if (2 * (size + 1) * STRIDE > words.length) {
      grow();
    }
    int at = free(hash);
    words[at + HASH] = hash;
    words[at + IS_TAKEN] = 1;
    set(at, bucket);
    size++;
    return at;
  }

  /** A copy of the bucket at this place. */
  TokenBucket at(int place) {
    return new TokenBucket(
        Double.longBitsToDouble(words[place + PERMITS]), words[place + AT_NANOS]);
  }

  /** Puts a bucket in place of the one that is there. */
  void set(int place, TokenBucket bucket) {
    words[place + PERMITS] = Double.doubleToRawLongBits(bucket.permits());
    words[place + AT_NANOS] = bucket.atNanos();
  }

  /** Removes every bucket that the rule does not keep; it may be asked twice about one. */
  void retain(Rule rule) {
    int at = 0;
    while (at < words.length) {
      if (words[at + IS_TAKEN] == 0 || rule.keeps(words[at + HASH], at(at))) {
        at += STRIDE;
      } else {
        // Another one may be here now.
        remove(at);
      }
    }
  }

  /** Closes the gap: whoever would not be found across it moves into it, and leaves another. */
  private void remove(int place) {
    int gap = place;
    for (int at = after(gap); words[at + IS_TAKEN] != 0; at = after(at)) {
      if (distance(home(words[at + HASH]), at) >= distance(gap, at)) {
        System.arraycopy(words, at, words, gap, STRIDE);
        gap = at;
      }
    }
    words[gap + IS_TAKEN] = 0;
    size--;
  }

  private void grow() {
    long[] old = words;
    words = new long[2 * old.length];
    shift--;
    for (int at = 0; at < old.length; at += STRIDE) {
      if (old[at + IS_TAKEN] != 0) {
        System.arraycopy(old, at, words, free(old[at + HASH]), STRIDE);
      }
    }
  }

  private int free(long hash) {
    int at = home(hash);
    while (words[at + IS_TAKEN] != 0) {
      at = after(at);
    }
    return at;
  }

  /** Where a hash belongs, by the upper bits of a product: those depend on all of its bits. */
  private int home(long hash) {
    return (int) (hash * factor >>> shift) * STRIDE;
  }

  private int after(int place) {
    return place + STRIDE & words.length - 1;
  }

  /** How far behind {@code from} a place is, around the end. */
  private int distance(int from, int to) {
    return to - from & words.length - 1;
  }
}
