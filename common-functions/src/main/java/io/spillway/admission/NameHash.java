package io.spillway.admission;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash of short names, of sources for {@link FairShares} and of keys for {@link RejectionCounts}:
 * eight bytes at a time, folded by a multiplication of 64 by 64 bits (the step of wyhash). It runs
 * for every event of a marginal priority and for every one that is turned away, where a hash made
 * for long inputs costs more than the decision; it decides nothing but who shares a bucket.
 * Allocates nothing; thread safe.
 */
final class NameHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long START = 0xa0761d6478bd642fL;
  private static final long STEP = 0xe7037ed1a0b428dbL;
  private static final long END = 0x8ebc6af09c88c6e3L;

  private NameHash() {}

  /** All 64 bits are uniform over names that differ. */
  static long of(byte[] name) {
    long hash = START ^ name.length * END;
    int last = name.length - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      hash = fold(hash ^ (long) LONGS.get(name, i), STEP);
    }
    long rest = last >= 0 ? (long) LONGS.get(name, last) : shortName(name);
    return fold(fold(hash ^ rest, STEP), END);
  }

  private static long shortName(byte[] name) {
    long bytes = 0;
    for (byte one : name) {
      bytes = bytes << Byte.SIZE | one & 0xff;
    }
    return bytes;
  }

  private static long fold(long a, long b) {
    return a * b ^ Math.multiplyHigh(a, b);
  }
}
