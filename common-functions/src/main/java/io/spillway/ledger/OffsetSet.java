package io.spillway.ledger;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * A set of Kafka offsets, compressed; whole ranges go in and out at the cost of a few containers.
 * Offsets are 0 to 2^63 - 1. Mutable, not thread safe.
 */
public final class OffsetSet {
  private static final long CHUNK = 1L << 32;

  /** By the upper 32 bits. */
  private final NavigableMap<Long, RoaringBitmap> chunks = new TreeMap<>();

  /** What is done with a run of offsets. */
  @FunctionalInterface
  public interface RangeVisitor {
    /**
     * @param from inclusive
     * @param to inclusive
     * @param offsets those of them that are in the set, minus {@code from}; not empty
     */
    void visit(long from, long to, RoaringBitmap offsets);
  }

  public void add(long offset) {
    chunks.computeIfAbsent(offset / CHUNK, c -> new RoaringBitmap()).add((int) offset);
  }

  /** Adds all of these, which count from {@code base}. */
  public void addAll(long base, RoaringBitmap offsets) {
    offsets.forEach((int offset) -> add(base + Integer.toUnsignedLong(offset)));
  }

  public void addRange(long from, long to) {
    eachChunk(
        from,
        to,
        (chunk, first, end) ->
            chunks.computeIfAbsent(chunk, c -> new RoaringBitmap()).add(first, end));
  }

  public void removeRange(long from, long to) {
    eachChunk(
        from,
        to,
        (chunk, first, end) -> {
          RoaringBitmap bitmap = chunks.get(chunk);
          if (bitmap != null) {
            bitmap.remove(first, end);
          }
        });
  }

  public void addAll(OffsetSet other) {
    other.chunks.forEach(
        (chunk, bitmap) -> chunks.computeIfAbsent(chunk, c -> new RoaringBitmap()).or(bitmap));
  }

  public void removeAll(OffsetSet other) {
    other.chunks.forEach(
        (chunk, bitmap) -> {
          RoaringBitmap own = chunks.get(chunk);
          if (own != null) {
            own.andNot(bitmap);
          }
        });
  }

  public boolean contains(long offset) {
    RoaringBitmap bitmap = chunks.get(offset / CHUNK);
    return bitmap != null && bitmap.contains((int) offset);
  }

  public long size() {
    return chunks.values().stream().mapToLong(RoaringBitmap::getLongCardinality).sum();
  }

  /** Number of offsets in the set below this one. */
  public long sizeBelow(long offset) {
    long below = 0;
    for (Map.Entry<Long, RoaringBitmap> chunk : chunks.headMap(offset / CHUNK, true).entrySet()) {
      RoaringBitmap bitmap = chunk.getValue();
      if (chunk.getKey() < offset / CHUNK) {
        below += bitmap.getLongCardinality();
      } else if (offset % CHUNK > 0) {
        below += bitmap.rankLong((int) (offset - 1));
      }
    }
    return below;
  }

  /** About how many bytes of memory it takes. */
  public long bytes() {
    return chunks.values().stream().mapToLong(RoaringBitmap::getLongSizeInBytes).sum();
  }

  /** The lowest offset in the set; -1 if there is none. */
  public long first() {
    return firstFrom(0);
  }

  /** The lowest offset in the set that is not below this one; -1 if there is none. */
  public long firstFrom(long offset) {
    for (Map.Entry<Long, RoaringBitmap> chunk : chunks.tailMap(offset / CHUNK, true).entrySet()) {
      long base = chunk.getKey() * CHUNK;
      long next = chunk.getValue().nextValue((int) Math.max(0, offset - base));
      if (next >= 0) {
        return base + next;
      }
    }
    return -1;
  }

  public boolean isEmpty() {
    return chunks.values().stream().allMatch(RoaringBitmap::isEmpty);
  }

  public OffsetSet copy() {
    OffsetSet copy = new OffsetSet();
    copy.addAll(this);
    return copy;
  }

  /** Shows the set in order, in ranges that begin and end with a member of it. */
  public void forEachRange(long longest, RangeVisitor visitor) {
    for (Map.Entry<Long, RoaringBitmap> chunk : chunks.entrySet()) {
      long base = chunk.getKey() * CHUNK;
      var members = chunk.getValue().getIntIterator();
      RoaringBitmap offsets = new RoaringBitmap();
      long from = -1;
      long last = -1;
      while (members.hasNext()) {
        long offset = base + Integer.toUnsignedLong(members.next());
        if (from >= 0 && offset - from >= longest) {
          visitor.visit(from, last, optimized(offsets));
          offsets = new RoaringBitmap();
          from = -1;
        }
        from = from < 0 ? offset : from;
        last = offset;
        offsets.add((int) (offset - from));
      }
      if (from >= 0) {
        visitor.visit(from, last, optimized(offsets));
      }
    }
  }

  private static RoaringBitmap optimized(RoaringBitmap offsets) {
    offsets.runOptimize();
    return offsets;
  }

  private interface ChunkVisitor {
    void visit(long chunk, long first, long end);
  }

  private static void eachChunk(long from, long to, ChunkVisitor visitor) {
    for (long chunk = from / CHUNK; chunk <= to / CHUNK; chunk++) {
      long base = chunk * CHUNK;
      visitor.visit(chunk, Math.max(from, base) - base, Math.min(to - base, CHUNK - 1) + 1);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OffsetSet that && size() == that.size() && holdsAllOf(that);
  }

  private boolean holdsAllOf(OffsetSet that) {
    OffsetSet rest = that.copy();
    rest.removeAll(this);
    return rest.isEmpty();
  }

  @Override
  public int hashCode() {
    return Long.hashCode(size());
  }

  @Override
  public String toString() {
    return size() + " offsets";
  }
}
