package io.spillway.sandbox.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * Proof by sequence number that no CRITICAL event is missing: independent of offsets, because a
 * result names the source and the sequence of its event as the event itself carried them. One that
 * could not be read, and is whole on the dead-letter topic, is not missing either. A sequence below
 * 1 or above 2^32 - 1 is not part of the audit. Not thread safe.
 */
public final class CriticalAudit {
  private final Map<String, RoaringBitmap> produced = new TreeMap<>();
  private final Map<String, RoaringBitmap> accounted = new TreeMap<>();
  private long repeats;

  /** One CRITICAL event that was produced and is neither a result nor a dead letter. */
  public record Missing(String source, long sequence) {}

  public void produced(String source, long sequence) {
    add(produced, source, sequence);
  }

  public void accounted(String source, long sequence) {
    repeats += add(accounted, source, sequence) ? 0 : 1;
  }

  /** How often an event was accounted for that had been before. */
  public long repeats() {
    return repeats;
  }

  /** Number of CRITICAL events that are missing. */
  public long missing() {
    long sum = 0;
    for (Map.Entry<String, RoaringBitmap> source : produced.entrySet()) {
      sum += RoaringBitmap.andNotCardinality(source.getValue(), accountedBitmap(source.getKey()));
    }
    return sum;
  }

  /** The missing CRITICAL events in order of source and sequence, at most this many. */
  public List<Missing> missing(int limit) {
    List<Missing> missing = new ArrayList<>();
    for (Map.Entry<String, RoaringBitmap> source : produced.entrySet()) {
      RoaringBitmap rest =
          RoaringBitmap.andNot(source.getValue(), accountedBitmap(source.getKey()));
      for (int sequence : rest) {
        if (missing.size() == limit) {
          return missing;
        }
        missing.add(new Missing(source.getKey(), Integer.toUnsignedLong(sequence)));
      }
    }
    return missing;
  }

  private RoaringBitmap accountedBitmap(String source) {
    return accounted.getOrDefault(source, new RoaringBitmap());
  }

  /** Returns whether it is new, or no part of the audit. */
  private static boolean add(Map<String, RoaringBitmap> sources, String source, long sequence) {
    if (sequence < 1 || sequence > 0xffff_ffffL) {
      return true;
    }
    return sources.computeIfAbsent(source, name -> new RoaringBitmap()).checkedAdd((int) sequence);
  }
}
