package io.spillway.event;

import java.util.Arrays;

/**
 * The names of a record's headers in their order, and where among them each well-known one stands
 * last. The records of a producer nearly all have the same names, so layouts are shared: {@link
 * #of} costs one comparison per header where a layout is known, and afterwards nobody has to look
 * for a name. Layouts are kept in a table of a fixed size in which a newer one takes the place of
 * an older, so records that all differ cost time and no memory. Immutable, thread safe.
 */
final class HeaderLayout {
  static final HeaderLayout EMPTY = new HeaderLayout(new String[0]);

  private static final int SLOTS = 256;

  /** Layouts with more or longer names are not shared: the table stays below a megabyte. */
  private static final int MOST_NAMES = 64;

  private static final int LONGEST_NAME = 64;

  /**
   * Read and written by all threads without a lock: a layout is immutable, and a thread that sees
   * an older one in its slot makes its own.
   */
  private static final HeaderLayout[] SHARED = new HeaderLayout[SLOTS];

  private final String[] names;

  /** Of each header, its code in {@link CloudEventHeaders}. */
  private final byte[] codes;

  /** Of each code, the place of the last header that has it; -1 for none. */
  private final int[] places;

  private HeaderLayout(String[] names) {
    this.names = names;
    this.codes = new byte[names.length];
    this.places = new int[CloudEventHeaders.COUNT];
    Arrays.fill(places, -1);
    for (int i = 0; i < names.length; i++) {
      int code = CloudEventHeaders.code(names[i]);
      codes[i] = (byte) code;
      if (code != CloudEventHeaders.OTHER) {
        names[i] = CloudEventHeaders.name(code);
        places[code] = i;
      }
    }
  }

  /**
   * The layout with these names.
   *
   * @param names not copied, and written to: whoever hands them in gives them away
   */
  static HeaderLayout of(String[] names) {
    int slot = slot(names);
    HeaderLayout shared = SHARED[slot];
    if (shared != null && Arrays.equals(shared.names, names)) {
      return shared;
    }
    HeaderLayout made = new HeaderLayout(names);
    if (isShort(names)) {
      SHARED[slot] = made;
    }
    return made;
  }

  /** By the lengths of the names, because a hash of each would cost more than all that follows. */
  private static int slot(String[] names) {
    int lengths = names.length;
    for (String name : names) {
      lengths = lengths * 31 + name.length();
    }
    return (lengths ^ lengths >>> 16) & SLOTS - 1;
  }

  private static boolean isShort(String[] names) {
    if (names.length > MOST_NAMES) {
      return false;
    }
    for (String name : names) {
      if (name.length() > LONGEST_NAME) {
        return false;
      }
    }
    return true;
  }

  int size() {
    return names.length;
  }

  /** A well-known name is the constant in {@link CloudEventHeaders} itself. */
  String name(int place) {
    return names[place];
  }

  /** The code of this header's name, or {@link CloudEventHeaders#OTHER}. */
  int code(int place) {
    return codes[place];
  }

  /** Where the last header with the name of this code stands; -1 for nowhere. */
  int lastPlace(int code) {
    return places[code];
  }

  /** The same by any name. */
  int lastPlace(String name) {
    int code = CloudEventHeaders.code(name);
    if (code != CloudEventHeaders.OTHER) {
      return places[code];
    }
    for (int i = names.length - 1; i >= 0; i--) {
      if (name.equals(names[i])) {
        return i;
      }
    }
    return -1;
  }

  /** These names with one more at the end. */
  HeaderLayout with(String name) {
    String[] more = Arrays.copyOf(names, names.length + 1);
    more[names.length] = name;
    return of(more);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeaderLayout that && (this == that || Arrays.equals(names, that.names));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(names);
  }

  @Override
  public String toString() {
    return Arrays.toString(names);
  }
}
