package io.spillway.priority;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text with at most one {@code *}, which stands for any characters or none: {@code abc}, {@code
 * abc*}, {@code *abc}, {@code a*c}, {@code *}. Compares UTF-8 bytes, so nothing is decoded and
 * nothing allocated. Immutable.
 */
final class TextPattern implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final boolean open;
  private final byte[] prefix;
  private final byte[] suffix;

  private TextPattern(String text, boolean open, String prefix, String suffix) {
    this.text = text;
    this.open = open;
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    this.suffix = suffix.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IllegalArgumentException if the text is empty or has a second {@code *}
   */
  static TextPattern of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("write a text after the =, or * for any");
    }
    int star = text.indexOf('*');
    if (star < 0) {
      return new TextPattern(text, false, text, "");
    }
    if (text.indexOf('*', star + 1) >= 0) {
      throw new IllegalArgumentException("write at most one * in '" + text + "'");
    }
    return new TextPattern(text, true, text.substring(0, star), text.substring(star + 1));
  }

  /** Whether it matches this text; never for null. */
  boolean matches(byte[] utf8) {
    if (utf8 == null) {
      return false;
    }
    int length = utf8.length;
    if (!open) {
      return Arrays.equals(prefix, utf8);
    }
    return length >= prefix.length + suffix.length
        && Arrays.equals(prefix, 0, prefix.length, utf8, 0, prefix.length)
        && Arrays.equals(suffix, 0, suffix.length, utf8, length - suffix.length, length);
  }

  /** Whether it matches everything that the other one matches. */
  boolean covers(TextPattern other) {
    if (!other.open) {
      return matches(other.prefix);
    }
    return open && startsWith(other.prefix, prefix) && endsWith(other.suffix, suffix);
  }

  private static boolean startsWith(byte[] text, byte[] start) {
    return text.length >= start.length
        && Arrays.equals(text, 0, start.length, start, 0, start.length);
  }

  private static boolean endsWith(byte[] text, byte[] end) {
    return text.length >= end.length
        && Arrays.equals(text, text.length - end.length, text.length, end, 0, end.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextPattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
