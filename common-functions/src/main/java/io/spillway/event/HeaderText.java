package io.spillway.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What header bytes say, found without making a string of them where that can be. Thread safe. */
final class HeaderText {
  /** What {@link #decimal} says of a text that is not a plain decimal number. */
  static final long NOT_DECIMAL = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long TOP_BITS = 0x8080808080808080L;
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
    int i = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      seen |= (long) LONGS.get(bytes, i);
    }
    for (; i < bytes.length; i++) {
      seen |= bytes[i];
    }
    return (seen & TOP_BITS) == 0;
  }

  /** The number these ASCII digits spell, 0 to 10^18 - 1, else {@link #NOT_DECIMAL}. */
  static long decimal(byte[] digits) {
    if (digits.length == 0 || digits.length > MOST_DIGITS) {
      return NOT_DECIMAL;
    }
    long number = 0;
    for (byte digit : digits) {
      if (digit < '0' || digit > '9') {
        return NOT_DECIMAL;
      }
      number = number * 10 + (digit - '0');
    }
    return number;
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
