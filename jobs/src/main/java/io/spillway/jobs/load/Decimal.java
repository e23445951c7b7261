package io.spillway.jobs.load;

/** Whole numbers of at least 0 as decimal ASCII, without a {@link String} in between. */
final class Decimal {
  private static final byte[] NOTHING = {};

  private Decimal() {}

  static byte[] of(long number) {
    return append(NOTHING, number);
  }

  /** The prefix followed by the number. */
  static byte[] append(byte[] prefix, long number) {
    byte[] text = new byte[prefix.length + digits(number)];
    System.arraycopy(prefix, 0, text, 0, prefix.length);
    write(number, text, text.length);
    return text;
  }

  static int digits(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes the digits of a number so that they end before this place. */
  static void write(long number, byte[] target, int end) {
    long rest = number;
    int at = end;
    do {
      target[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
  }
}
