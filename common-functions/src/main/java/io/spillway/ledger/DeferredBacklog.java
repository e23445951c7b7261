package io.spillway.ledger;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LastWord.InputPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * The deferred events that wait for a replay, for somebody who follows a ledger for months. The
 * rule is that of {@link LastWord}: the later record counts, what is settled stays settled; records
 * have to be added in the order of their ledger partition. It keeps offsets only as far as Kafka
 * still has the events: what lies below the start of the log is forgotten and its number kept, so
 * memory is one to two bits for each offset between the first and the last event deferred that
 * Kafka has (a fourth of a byte each at worst, some bytes for a range of neighbours), however long
 * the ledger is.
 *
 * <p>Deferred events below the start of the log count as gone until a replay says that it had read
 * them before. A range that is described anew after its events are gone is not looked at again. Not
 * thread safe.
 */
public final class DeferredBacklog {
  private static final class View {
    final Map<String, OffsetSet> deferredByLane = new HashMap<>();
    final OffsetSet settled = new OffsetSet();
    long logStart;
    long lost;
    long settledAsGone;

    OffsetSet open() {
      OffsetSet open = new OffsetSet();
      deferredByLane.values().forEach(open::addAll);
      open.removeAll(settled);
      return open;
    }
  }

  private final SortedMap<InputPartition, View> views = new TreeMap<>();

  /** Adds the next record. */
  public void add(LedgerRecord record) {
    if (record instanceof LedgerEntry entry) {
      describe(entry);
    } else if (record instanceof Settlement settlement) {
      settle(settlement);
    }
  }

  private void describe(LedgerEntry entry) {
    View view = at(new InputPartition(entry.topic(), entry.partition()));
    RoaringBitmap offsets = entry.rejected().get(Outcome.DEFERRED);
    OffsetSet deferred = view.deferredByLane.get(entry.lane());
    if (entry.toOffset() < view.logStart || deferred == null && offsets == null) {
      return;
    }
    if (deferred == null) {
      deferred = new OffsetSet();
      view.deferredByLane.put(entry.lane(), deferred);
    }
    deferred.removeRange(entry.fromOffset(), entry.toOffset());
    if (offsets != null) {
      deferred.addAll(entry.fromOffset(), offsets);
      forget(deferred, view.logStart);
    }
  }

  private void settle(Settlement settlement) {
    View view = at(new InputPartition(settlement.topic(), settlement.partition()));
    OffsetSet settled = new OffsetSet();
    settled.addAll(settlement.from(), settlement.offsets());
    settled.removeAll(view.settled);
    view.lost = Math.max(0, view.lost - settled.sizeBelow(view.logStart));
    if (settlement.kind() == Settlement.Kind.GONE) {
      view.settledAsGone += settled.size();
    }
    forget(settled, view.logStart);
    view.settled.addAll(settled);
  }

  /** The log of this partition begins here now: what lies below is gone. */
  public void logStartsAt(InputPartition partition, long offset) {
    View view = at(partition);
    if (offset > view.logStart) {
      view.lost += view.open().sizeBelow(offset);
      view.deferredByLane.values().forEach(deferred -> forget(deferred, offset));
      forget(view.settled, offset);
      view.logStart = offset;
    }
  }

  private static void forget(OffsetSet offsets, long below) {
    if (below > 0) {
      offsets.removeRange(0, below - 1);
    }
  }

  private View at(InputPartition partition) {
    return views.computeIfAbsent(partition, p -> new View());
  }

  /** The input partitions that the ledger has named. */
  public SortedSet<InputPartition> partitions() {
    return new TreeSet<>(views.keySet());
  }

  /** Offsets that were deferred and are neither settled nor known to be gone. */
  public OffsetSet open(InputPartition partition) {
    View view = views.get(partition);
    return view == null ? new OffsetSet() : view.open();
  }

  /** Number of deferred events that nobody can replay any more. */
  public long gone(InputPartition partition) {
    View view = views.get(partition);
    return view == null ? 0 : view.lost + view.settledAsGone;
  }

  /** About how many bytes of memory all of it takes. */
  public long bytes() {
    long bytes = 0;
    for (View view : views.values()) {
      bytes += view.settled.bytes();
      bytes += view.deferredByLane.values().stream().mapToLong(OffsetSet::bytes).sum();
    }
    return bytes;
  }
}
