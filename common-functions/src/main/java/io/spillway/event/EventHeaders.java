package io.spillway.event;

import java.util.Arrays;
import java.util.Objects;

/**
 * The headers of one record, in their order, names possibly repeated. Immutable by convention: the
 * arrays are not copied, so whoever hands them in gives them away. Thread safe.
 */
public final class EventHeaders {
  private static final EventHeaders EMPTY = new EventHeaders(HeaderLayout.EMPTY, new byte[0][]);

  private final HeaderLayout layout;
  private final byte[][] values;

  private EventHeaders(HeaderLayout layout, byte[][] values) {
    this.layout = layout;
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
    return names.length == 0 ? EMPTY : new EventHeaders(HeaderLayout.of(names), values);
  }

  public int size() {
    return values.length;
  }

  public String name(int index) {
    return layout.name(index);
  }

  /** The code of this header's name, or {@link CloudEventHeaders#OTHER}. */
  int code(int index) {
    return layout.code(index);
  }

  /** The value at this place, or null; not a copy. */
  public byte[] value(int index) {
    return values[index];
  }

  /** The last value with this name, or null where there is none; not a copy. */
  public byte[] last(String name) {
    return valueAt(layout.lastPlace(name));
  }

  /** The same by the code of a well-known name. */
  byte[] last(int code) {
    return valueAt(layout.lastPlace(code));
  }

  private byte[] valueAt(int place) {
    return place < 0 ? null : values[place];
  }

  /** These headers with one more at the end. */
  public EventHeaders with(String name, byte[] value) {
    byte[][] more = Arrays.copyOf(values, values.length + 1);
    more[values.length] = value;
    return new EventHeaders(layout.with(Objects.requireNonNull(name)), more);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventHeaders that
        && layout.equals(that.layout)
        && Arrays.deepEquals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * layout.hashCode() + Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    return layout.toString();
  }
}
