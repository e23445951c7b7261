package io.spillway.jobs.video;

import java.util.Arrays;

/**
 * How often the bitrate of a session changed from one heartbeat to the next, in order of event
 * time, whatever the order they come in: the newest {@value #HELD} are held in order, older ones
 * are counted and let go. Exact as long as no heartbeat comes after {@value #HELD} that are newer;
 * one that does counts in the mean and not here. Of heartbeats in the same millisecond any may be
 * the first.
 *
 * <p>Mutable, owned by one thread; a POJO of Flink's, so that it can be state.
 */
public final class BitrateChanges {
  static final int HELD = 16;

  private static final long NONE = Long.MIN_VALUE;

  /** Time and bitrate of the oldest that was let go. */
  public long firstMillis = NONE;

  public long firstKbps;

  /** The same of the newest. */
  public long letGoMillis = NONE;

  public long letGoKbps;

  /** Changes up to that one. */
  public long letGoChanges;

  /** Those held, oldest first. */
  public long[] heldMillis = {};

  public long[] heldKbps = {};

  /** Takes in one heartbeat. */
  void add(long timeMillis, long kbps) {
    if (letGoMillis != NONE && timeMillis < letGoMillis) {
      return;
    }
    int at = heldMillis.length;
    while (at > 0 && heldMillis[at - 1] > timeMillis) {
      at--;
    }
    heldMillis = inserted(heldMillis, at, timeMillis);
    heldKbps = inserted(heldKbps, at, kbps);
    if (heldMillis.length > HELD) {
      letGo(heldMillis[0], heldKbps[0]);
      heldMillis = Arrays.copyOfRange(heldMillis, 1, heldMillis.length);
      heldKbps = Arrays.copyOfRange(heldKbps, 1, heldKbps.length);
    }
  }

  private void letGo(long timeMillis, long kbps) {
    if (firstMillis == NONE) {
      firstMillis = timeMillis;
      firstKbps = kbps;
    } else if (kbps != letGoKbps) {
      letGoChanges++;
    }
    letGoMillis = timeMillis;
    letGoKbps = kbps;
  }

  /** This one and another part of the same session, in order. */
  BitrateChanges mergedWith(BitrateChanges other) {
    BitrateChanges older = other.beginMillis() < beginMillis() ? other : this;
    BitrateChanges newer = older == this ? other : this;
    if (newer.firstMillis != NONE) {
      for (int i = 0; i < older.heldMillis.length; i++) {
        older.letGo(older.heldMillis[i], older.heldKbps[i]);
      }
      older.letGo(newer.firstMillis, newer.firstKbps);
      older.letGoChanges += newer.letGoChanges;
      older.letGoMillis = newer.letGoMillis;
      older.letGoKbps = newer.letGoKbps;
      older.heldMillis = newer.heldMillis;
      older.heldKbps = newer.heldKbps;
    } else {
      for (int i = 0; i < newer.heldMillis.length; i++) {
        older.add(newer.heldMillis[i], newer.heldKbps[i]);
      }
    }
    return older;
  }

  /** How often it changed. */
  long changes() {
    long changes = letGoChanges;
    long before = letGoKbps;
    boolean first = firstMillis == NONE;
    for (long kbps : heldKbps) {
      changes += !first && kbps != before ? 1 : 0;
      before = kbps;
      first = false;
    }
    return changes;
  }

  private long beginMillis() {
    return firstMillis != NONE ? firstMillis : heldMillis.length > 0 ? heldMillis[0] : NONE;
  }

  private static long[] inserted(long[] values, int at, long value) {
    long[] more = Arrays.copyOf(values, values.length + 1);
    System.arraycopy(values, at, more, at + 1, values.length - at);
    more[at] = value;
    return more;
  }
}
