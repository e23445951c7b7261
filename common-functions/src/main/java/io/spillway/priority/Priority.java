package io.spillway.priority;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How much an event matters when not all of them can be processed. The order of the constants is
 * the order of importance: {@code CRITICAL > HIGH > NORMAL > BULK}. The name on the wire (header
 * {@code ce_priority}, configuration keys, metric labels) is the lower-case word.
 */
public enum Priority {
  CRITICAL,
  HIGH,
  NORMAL,
  BULK;

  /** Number of priorities, for arrays indexed by {@link #ordinal()}. */
  public static final int COUNT = 4;

  private static final Priority[] VALUES = values();

  /** The low bits of a letter, by which the four first letters differ. */
  private static final int LETTERS = 8;

  private static final Priority[] BY_FIRST_LETTER = new Priority[LETTERS];

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int[] FIRST_FOUR = new int[COUNT];
  private static final int[] LAST_FOUR = new int[COUNT];

  static {
    for (Priority priority : VALUES) {
      byte[] word = priority.wireBytes;
      BY_FIRST_LETTER[word[0] & LETTERS - 1] = priority;
      FIRST_FOUR[priority.ordinal()] = fourAt(word, 0);
      LAST_FOUR[priority.ordinal()] = fourAt(word, word.length - Integer.BYTES);
    }
  }

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final byte[] wireBytes = wireName.getBytes(StandardCharsets.US_ASCII);

  /** The lower-case word used in headers, configuration keys and metric labels. */
  public String wireName() {
    return wireName;
  }

  /** The word in UTF-8; not a copy. */
  byte[] wireBytes() {
    return wireBytes;
  }

  /** The priority with this ordinal, without the array copy of {@link #values()}. */
  public static Priority of(int ordinal) {
    return VALUES[ordinal];
  }

  /** The priority with this wire name; empty if there is none. Case matters. */
  public static Optional<Priority> fromWireName(String name) {
    return Arrays.stream(VALUES).filter(p -> p.wireName.equals(name)).findFirst();
  }

  /** The priority whose wire name these bytes spell, or null; allocates nothing. */
  public static Priority fromWireBytes(byte[] name) {
    Priority only = name.length < Integer.BYTES ? null : BY_FIRST_LETTER[name[0] & LETTERS - 1];
    return only != null && only.isSpelt(name) ? only : null;
  }

  /** Words of four to eight letters are what their first and their last four say they are. */
  private boolean isSpelt(byte[] name) {
    return name.length == wireBytes.length
        & fourAt(name, 0) == FIRST_FOUR[ordinal()]
        & fourAt(name, name.length - Integer.BYTES) == LAST_FOUR[ordinal()];
  }

  private static int fourAt(byte[] word, int start) {
    return (int) INTS.get(word, start);
  }
}
