package io.spillway.sql;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Settlement;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.types.Row;

/**
 * What the ledger says of the deferred events of one input partition. A query may see its records
 * in any order (batch sorts by key), so they are kept by their place in the ledger and read in that
 * order when somebody asks, with the rule of a replay: {@link LastWord}. A record that cannot be
 * read is counted and passed over. Memory: that of the records, a bit or two for each event that
 * was turned away. Not thread safe.
 */
public final class DeferredRecords {
  private static final InputPartition ONLY = new InputPartition("", 0);

  /** By offset in the ledger, see {@link DeferredRecord#text}. */
  public MapView<Long, String> records = new MapView<>();

  /** A record and its offset in the ledger. */
  void add(long offset, DeferredRecord record) throws Exception {
    records.put(offset, record.text());
  }

  /** What became of them in the end. */
  Row result() {
    LastWord lastWord = new LastWord();
    NavigableMap<Long, DeferredRecord> inOrder = inOrder();
    long unreadable = 0;
    for (DeferredRecord record : inOrder.values()) {
      try {
        lastWord.add(record.toLedger());
      } catch (IOException e) {
        unreadable++;
      }
    }
    OffsetSet open = lastWord.open(ONLY);
    Long first = first(open);
    return Row.of(
        lastWord.rejected(ONLY, Outcome.DEFERRED).size(),
        lastWord.settled(ONLY, Settlement.Kind.REPLAYED).size(),
        lastWord.settled(ONLY, Settlement.Kind.GONE).size(),
        open.size(),
        first,
        first == null ? null : since(first, inOrder),
        unreadable);
  }

  private NavigableMap<Long, DeferredRecord> inOrder() {
    NavigableMap<Long, DeferredRecord> inOrder = new TreeMap<>();
    try {
      for (Map.Entry<Long, String> entry : records.entries()) {
        inOrder.put(entry.getKey(), DeferredRecord.of(entry.getValue()));
      }
    } catch (Exception e) {
      throw new IllegalStateException("the state of the query cannot be read", e);
    }
    return inOrder;
  }

  private static Long first(OffsetSet open) {
    return open.isEmpty() ? null : Long.valueOf(open.first());
  }

  private static Instant since(long offset, NavigableMap<Long, DeferredRecord> inOrder) {
    for (DeferredRecord record : inOrder.descendingMap().values()) {
      if (record.describes(offset) && record.atMillis() != null) {
        return Instant.ofEpochMilli(record.atMillis());
      }
    }
    return null;
  }
}
