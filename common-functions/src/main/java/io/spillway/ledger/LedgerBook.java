package io.spillway.ledger;

import io.spillway.admission.Outcome;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Collects what became of each offset since the last entry, one open range per input partition. A
 * range in which everything was admitted on unchanged terms is kept open for longer.
 *
 * <p>Holds as much as was rejected since the last {@link #close}: at most two bytes an offset,
 * mostly far less (compressed bitmaps). Not thread safe.
 */
public final class LedgerBook {
  /** A quiet range is closed when it has been left open as often as this. */
  private static final int QUIET_CLOSES = 10;

  private final String lane;
  private final Map<String, List<OpenRange>> ranges = new LinkedHashMap<>();
  private OpenRange last;
  private Terms lastTerms = Terms.unknown();

  /** A book for what this lane looks at. */
  public LedgerBook(String lane) {
    this.lane = lane;
  }

  /** Notes one event. */
  public void record(RawEvent event, Priority priority, Outcome outcome) {
    OpenRange range = rangeOf(event);
    range.lookAt(event.offset());
    range.count++;
    range.seen[priority.ordinal()]++;
    if (outcome != Outcome.ADMIT) {
      range.rejectedCounts[outcome.ordinal()][priority.ordinal()]++;
      range.rejected(outcome).add((int) (event.offset() - range.from));
    }
  }

  /** Notes an event that was looked at and is not this lane's, or cannot be read. */
  public void passOver(RawEvent event) {
    rangeOf(event).lookAt(event.offset());
  }

  /** Hands over an entry for each range that holds anything, and starts new ranges. */
  public void close(Terms terms, Consumer<LedgerEntry> entries) {
    close(terms, entries, true);
  }

  /**
   * The same but for quiet ranges, of which each is handed over in every {@value #QUIET_CLOSES}th
   * call.
   */
  public void closeUnlessQuiet(Terms terms, Consumer<LedgerEntry> entries) {
    close(terms, entries, false);
  }

  private void close(Terms terms, Consumer<LedgerEntry> entries, boolean quietOnesToo) {
    boolean sameTerms = terms.sameButForTheTime(lastTerms);
    lastTerms = terms;
    for (List<OpenRange> partitions : ranges.values()) {
      for (OpenRange range : partitions) {
        if (range.count == 0) {
          continue;
        }
        boolean quiet = sameTerms && range.nothingRejected();
        if (quietOnesToo || !quiet || ++range.quietCloses == QUIET_CLOSES) {
          entries.accept(range.toEntry(lane, terms));
          range.clear();
        }
      }
    }
  }

  private OpenRange rangeOf(RawEvent event) {
    // Events of one partition come in runs, and their topic is mostly the same object.
    if (last != null && last.partition == event.partition() && last.topic.equals(event.topic())) {
      return last;
    }
    List<OpenRange> partitions = ranges.computeIfAbsent(event.topic(), t -> new ArrayList<>());
    for (OpenRange range : partitions) {
      if (range.partition == event.partition()) {
        last = range;
        return range;
      }
    }
    last = new OpenRange(event.topic(), event.partition());
    partitions.add(last);
    return last;
  }

  private static final class OpenRange {
    final String topic;
    final int partition;
    boolean open;
    long from;
    long to;
    long count;
    int quietCloses;
    long[] seen = new long[Priority.COUNT];
    long[][] rejectedCounts = new long[Outcome.COUNT][Priority.COUNT];
    RoaringBitmap[] rejected = new RoaringBitmap[Outcome.COUNT];

    OpenRange(String topic, int partition) {
      this.topic = topic;
      this.partition = partition;
    }

    void lookAt(long offset) {
      if (!open) {
        open = true;
        from = offset;
      }
      to = offset;
    }

    RoaringBitmap rejected(Outcome outcome) {
      RoaringBitmap offsets = rejected[outcome.ordinal()];
      if (offsets == null) {
        offsets = new RoaringBitmap();
        rejected[outcome.ordinal()] = offsets;
      }
      return offsets;
    }

    boolean nothingRejected() {
      for (RoaringBitmap offsets : rejected) {
        if (offsets != null) {
          return false;
        }
      }
      return true;
    }

    LedgerEntry toEntry(String lane, Terms terms) {
      Map<Outcome, RoaringBitmap> byOutcome = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        RoaringBitmap offsets = rejected[outcome.ordinal()];
        if (offsets != null) {
          offsets.runOptimize();
          byOutcome.put(outcome, offsets);
        }
      }
      return new LedgerEntry(
          topic, partition, from, to, lane, seen, rejectedCounts, byOutcome, terms);
    }

    void clear() {
      open = false;
      count = 0;
      quietCloses = 0;
      seen = new long[Priority.COUNT];
      rejectedCounts = new long[Outcome.COUNT][Priority.COUNT];
      rejected = new RoaringBitmap[Outcome.COUNT];
    }
  }
}
