package io.spillway.jobs.load;

import java.nio.charset.StandardCharsets;

/**
 * Writes payloads of one fixed size: what is put in, and then a filler, the same random text in
 * every event, as the value of the last field. One array for each payload and nothing else. Not
 * thread safe: one payload at a time.
 */
final class Payload {
  /** The smallest size in bytes that has room for the fields of every event of every job. */
  static final int MIN_BYTES = 128;

  /** The end of what has to be put in: the name of the field that is filled. */
  static final String FILLER = ",\"filler\":\"";

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

  private final int bytes;
  private final byte[] filler;
  private byte[] payload;
  private int at;

  Payload(int bytes, long seed) {
    this.bytes = bytes;
    this.filler = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      filler[i] = (byte) LETTERS.charAt((int) (Share.mix(seed + i) & 63));
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  Payload begin() {
    payload = new byte[bytes];
    at = 0;
    return this;
  }

  Payload put(byte[] text) {
    return put(text, text.length);
  }

  /** A whole number of at least 0. */
  Payload put(long number) {
    int end = at + Decimal.digits(number);
    Decimal.write(number, payload, end);
    at = end;
    return this;
  }

  Payload put(char letter) {
    payload[at++] = (byte) letter;
    return this;
  }

  /** The payload, after {@link #FILLER} was put in. */
  byte[] end() {
    put(filler, bytes - at - 2);
    put('"').put('}');
    byte[] done = payload;
    payload = null;
    return done;
  }

  private Payload put(byte[] text, int length) {
    System.arraycopy(text, 0, payload, at, length);
    at += length;
    return this;
  }
}
