package io.spillway.sandbox.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which events there is an alert for, by source and id. Nine bytes an alert: the first 64 bits of a
 * SHA-256 stand for the two texts, so one missing alert in some 10^12 would be overlooked. Alerts
 * are added first, events asked for then. Not thread safe.
 */
final class Alerts {
  private final MessageDigest digest;
  private final BitSet asked = new BitSet();
  private long[] prints = new long[1024];
  private int size;
  private boolean sorted;

  Alerts() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void add(String source, String id) {
    if (size == prints.length) {
      prints = Arrays.copyOf(prints, size + (size >> 1));
    }
    prints[size++] = print(source, id);
    sorted = false;
  }

  /** Whether there is an alert for this event. */
  boolean has(String source, String id) {
    sort();
    int place = Arrays.binarySearch(prints, 0, size, print(source, id));
    if (place >= 0) {
      asked.set(place);
    }
    return place >= 0;
  }

  /** Alerts for events that nobody asked for; what came twice counts once. */
  long unasked() {
    sort();
    return size - asked.cardinality();
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(prints, 0, size);
      int distinct = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || prints[i] != prints[i - 1]) {
          prints[distinct++] = prints[i];
        }
      }
      size = distinct;
      asked.clear();
      sorted = true;
    }
  }

  private long print(String source, String id) {
    digest.update(source.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return ByteBuffer.wrap(digest.digest(id.getBytes(StandardCharsets.UTF_8))).getLong();
  }
}
