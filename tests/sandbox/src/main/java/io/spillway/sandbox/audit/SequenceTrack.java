package io.spillway.sandbox.audit;

import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Whether the sequence numbers of one source are contiguous in the input, in whatever order its
 * records are read: what is lacking between the lowest and the highest was lost before it came to
 * Kafka, what comes twice was sent twice. Holds the gaps only. A step of more than {@link
 * #LONGEST_GAP} is a source that counts anew, and no gap. Not thread safe.
 */
final class SequenceTrack {
  static final long LONGEST_GAP = 1_000_000;

  private long first;
  private long next;
  private long repeats;
  private long restarts;
  private Roaring64Bitmap gaps;

  /** The next record; 0 and less is an event without a number. */
  void add(long sequence) {
    if (sequence < 1) {
      return;
    }
    if (next == 0) {
      first = sequence;
      next = sequence + 1;
    } else if (sequence >= next) {
      between(next, sequence);
      next = sequence + 1;
    } else if (sequence < first) {
      between(sequence + 1, first);
      first = sequence;
    } else if (gaps != null && gaps.contains(sequence)) {
      gaps.removeLong(sequence);
    } else {
      repeats++;
    }
  }

  /** Numbers that never came. */
  long lost() {
    return gaps == null ? 0 : gaps.getLongCardinality();
  }

  /** Records with a number that had come before. */
  long repeats() {
    return repeats;
  }

  /** Steps too long to be gaps. */
  long restarts() {
    return restarts;
  }

  private void between(long from, long to) {
    if (to - from > LONGEST_GAP) {
      restarts++;
    } else if (to > from) {
      gaps = gaps == null ? new Roaring64Bitmap() : gaps;
      gaps.addRange(from, to);
    }
  }
}
