package io.spillway.jobs.load;

/**
 * Payloads of one fixed size: {@code
 * {"site":"s-3","sensor":"sensor-7","metric":"temperature","value":21.5,"unit":"C","filler":"..."}}.
 * The value wanders 5 units around the sensor's usual one; the filler is the same random text in
 * every event. Immutable, thread safe.
 */
final class IotPayload {
  /** The smallest size in bytes that has room for every sensor's fields. */
  static final int MIN_BYTES = 128;

  private static final int SPREAD_TENTHS = 50;
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

  private final int bytes;
  private final long seed;
  private final byte[] filler;

  IotPayload(int bytes, long seed) {
    this.bytes = bytes;
    this.seed = Share.mix(seed + 5);
    this.filler = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      filler[i] = (byte) LETTERS.charAt((int) (Share.mix(this.seed + i) & 63));
    }
  }

  byte[] of(Sensor sensor, long event) {
    byte[] payload = new byte[bytes];
    int at = put(sensor.payloadStart(), sensor.payloadStart().length, payload, 0);
    at = putTenths(tenths(sensor, event), payload, at);
    at = put(sensor.payloadMiddle(), sensor.payloadMiddle().length, payload, at);
    at = put(filler, bytes - at - 2, payload, at);
    payload[at] = '"';
    payload[at + 1] = '}';
    return payload;
  }

  private int tenths(Sensor sensor, long event) {
    int range = 2 * SPREAD_TENTHS + 1;
    return sensor.usualTenths()
        - SPREAD_TENTHS
        + (int) Long.remainderUnsigned(Share.mix(seed ^ event), range);
  }

  /** Writes a number of three digits as {@code 12.3}. */
  private static int putTenths(int tenths, byte[] target, int at) {
    target[at] = (byte) ('0' + tenths / 100);
    target[at + 1] = (byte) ('0' + tenths / 10 % 10);
    target[at + 2] = '.';
    target[at + 3] = (byte) ('0' + tenths % 10);
    return at + 4;
  }

  private static int put(byte[] bytes, int length, byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, length);
    return at + length;
  }
}
