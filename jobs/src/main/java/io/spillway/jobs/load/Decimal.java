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
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    byte[] text = new byte[prefix.length + digits];
    System.arraycopy(prefix, 0, text, 0, prefix.length);
    long rest = number;
    for (int i = text.length - 1; i >= prefix.length; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return text;
  }
}
