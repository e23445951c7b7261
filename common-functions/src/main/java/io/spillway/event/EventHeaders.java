package io.spillway.event;

import java.util.Arrays;
import java.util.Objects;

/**
 * The headers of one record, in their order, names possibly repeated. Immutable by convention: the
 * arrays are not copied, so whoever hands them in gives them away. Thread safe.
 */
public final class EventHeaders {
  private static final EventHeaders EMPTY = new EventHeaders(new String[0], new byte[0][]);

  private final String[] names;
  private final byte[][] values;

  private EventHeaders(String[] names, byte[][] values) {
    this.names = names;
    this.values = values;
  }

  public static EventHeaders empty() {
    return EMPTY;
  }

  /** Headers from two arrays of the same length; a value may be null, a name may not. */
  public static EventHeaders of(String[] names, byte[][] values) {
    if (names.length != values.length) {
      throw new IllegalArgumentException(names.length + " names but " + values.length + " values");
    }
    return names.length == 0 ? EMPTY : new EventHeaders(names, values);
  }

  public int size() {
    return names.length;
  }

  public String name(int index) {
    return names[index];
  }

  /** The value at this place, or null; not a copy. */
  public byte[] value(int index) {
    return values[index];
  }

  /** The last value with this name, or null where there is none; not a copy. */
  public byte[] last(String name) {
    for (int i = names.length - 1; i >= 0; i--) {
      if (name.equals(names[i])) {
        return values[i];
      }
    }
    return null;
  }

  /** These headers with one more at the end. */
  public EventHeaders with(String name, byte[] value) {
    String[] moreNames = Arrays.copyOf(names, names.length + 1);
    byte[][] moreValues = Arrays.copyOf(values, values.length + 1);
    moreNames[names.length] = Objects.requireNonNull(name);
    moreValues[values.length] = value;
    return new EventHeaders(moreNames, moreValues);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventHeaders that
        && Arrays.equals(names, that.names)
        && Arrays.deepEquals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(names);
  }
}
