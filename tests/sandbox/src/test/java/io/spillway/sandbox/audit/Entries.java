package io.spillway.sandbox.audit;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.util.EnumMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** Records of a ledger about partition 0 of topic {@code in}. */
final class Entries {
  private Entries() {}

  /** One BULK event that was turned away. */
  static LedgerEntry of(long offset, Outcome outcome) {
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    rejected.put(outcome, RoaringBitmap.bitmapOf(0));
    return entry(offset, offset, 1, outcome, 1, rejected);
  }

  /** A list of one offset, and two by its count. */
  static LedgerEntry miscounted(long offset) {
    return entry(
        offset, offset, 1, Outcome.SHED, 2, Map.of(Outcome.SHED, RoaringBitmap.bitmapOf(0)));
  }

  /** A range with this many BULK events, all admitted. */
  static LedgerEntry admitted(long from, long to, long seen) {
    return entry(from, to, seen, Outcome.SHED, 0, Map.of());
  }

  /** One event that a replay has settled. */
  static Settlement settled(long offset, Settlement.Kind kind) {
    return new Settlement(
        "in", 0, offset, offset, "replay", kind, "run", RoaringBitmap.bitmapOf(0));
  }

  private static LedgerEntry entry(
      long from,
      long to,
      long seen,
      Outcome outcome,
      long count,
      Map<Outcome, RoaringBitmap> rejected) {
    long[] seenBy = new long[Priority.COUNT];
    seenBy[Priority.BULK.ordinal()] = seen;
    long[][] counts = new long[Outcome.COUNT][Priority.COUNT];
    counts[outcome.ordinal()][Priority.BULK.ordinal()] = count;
    return new LedgerEntry("in", 0, from, to, "all", seenBy, counts, rejected, Terms.unknown());
  }
}
