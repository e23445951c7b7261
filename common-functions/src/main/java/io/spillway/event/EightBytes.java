package io.spillway.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes of text looked at at once, as one number with the first byte lowest. */
final class EightBytes {
  private static final long ZEROS = 0x3030303030303030L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long HIGH_NIBBLES = 0xF0F0F0F0F0F0F0F0L;
  private static final long SIXES = 0x0606060606060606L;

  private EightBytes() {}

  /** Those that start here. */
  static long at(byte[] text, int start) {
    return (long) LONGS.get(text, start);
  }

  static boolean isAscii(long eight) {
    return (eight & TOP_BITS) == 0;
  }

  /** Whether each is 0x30 to 0x39: its high four bits are 3, also when 6 is added to it. */
  static boolean areDigits(long eight) {
    long high = eight & HIGH_NIBBLES;
    long highWithSix = eight + SIXES & HIGH_NIBBLES;
    return (high ^ ZEROS | highWithSix ^ ZEROS) == 0;
  }
}
