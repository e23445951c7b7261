package io.spillway.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What header bytes say, found without making a string of them where that can be. Thread safe. */
final class HeaderText {
  /** What {@link #decimal} says of a text that is not a plain decimal number. */
  static final long NOT_DECIMAL = -1;

  private static final int MOST_DIGITS = 18;
  private static final int SHOWN_CHARS = 48;
  private static final byte[] STRUCTURED_PREFIX =
      "application/cloudevents".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STRUCTURED_JSON =
      CloudEventHeaders.STRUCTURED_JSON.getBytes(StandardCharsets.US_ASCII);

  private HeaderText() {}

  /** Whether these bytes are well-formed UTF-8. Pure ASCII, the usual case, is seen at once. */
  static boolean isUtf8(byte[] bytes) {
    if (isAscii(bytes)) {
      return true;
    }
    byte[] again = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(bytes, again);
  }

  private static boolean isAscii(byte[] bytes) {
    long seen = 0;
    int last = bytes.length - Long.BYTES;
    if (last >= 0) {
      for (int i = 0; i < last; i += Long.BYTES) {
        seen |= EightBytes.at(bytes, i);
      }
      seen |= EightBytes.at(bytes, last);
    } else {
      for (byte one : bytes) {
        seen |= one;
      }
    }
    return EightBytes.isAscii(seen);
  }

  /** The number these ASCII digits spell, 0 to 10^18 - 1, else {@link #NOT_DECIMAL}. */
  static long decimal(byte[] digits) {
    if (!isDecimal(digits)) {
      return NOT_DECIMAL;
    }
    long number = 0;
    for (byte digit : digits) {
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  /** Whether {@link #decimal} has a number for them. */
  static boolean isDecimal(byte[] digits) {
    int last = digits.length - Long.BYTES;
    if (last < 0 || last > MOST_DIGITS - Long.BYTES) {
      return last < 0 && digits.length > 0 && areDigits(digits);
    }
    boolean so = true;
    for (int i = 0; i < last; i += Long.BYTES) {
      so &= EightBytes.areDigits(EightBytes.at(digits, i));
    }
    return so & EightBytes.areDigits(EightBytes.at(digits, last));
  }

  private static boolean areDigits(byte[] few) {
    for (byte digit : few) {
      if (digit < '0' || digit > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether this {@code content-type} says that the value is a whole CloudEvent, in any format. */
  static boolean isStructured(byte[] contentType) {
    return contentType != null && startsWith(contentType, STRUCTURED_PREFIX);
  }

  /** Whether this {@code content-type} says that the value is a whole CloudEvent in JSON. */
  static boolean isStructuredJson(byte[] contentType) {
    if (contentType == null || !startsWith(contentType, STRUCTURED_JSON)) {
      return false;
    }
    if (contentType.length == STRUCTURED_JSON.length) {
      return true;
    }
    byte next = contentType[STRUCTURED_JSON.length];
    return next == ';' || next == ' ' || next == '\t';
  }

  private static boolean startsWith(byte[] text, byte[] lowerCasePrefix) {
    int last = lowerCasePrefix.length - 1;
    if (text.length <= last || lower(text[last]) != lowerCasePrefix[last]) {
      return false;
    }
    for (int i = 0; i < last; i++) {
      if (lower(text[i]) != lowerCasePrefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  }

  /** These bytes for a person: in quotes, on one line, shortened. */
  static String shown(byte[] bytes) {
    byte[] start = bytes.length > 4 * SHOWN_CHARS ? Arrays.copyOf(bytes, 4 * SHOWN_CHARS) : bytes;
    String text = new String(start, StandardCharsets.UTF_8);
    int end = Math.min(text.length(), SHOWN_CHARS);
    StringBuilder shown = new StringBuilder(end + 5).append('\'');
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return shown.append(end < text.length() ? "...'" : "'").toString();
  }
}
