package io.spillway.priority;

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
    for (Priority priority : VALUES) {
      if (Arrays.equals(priority.wireBytes, name)) {
        return priority;
      }
    }
    return null;
  }
}
