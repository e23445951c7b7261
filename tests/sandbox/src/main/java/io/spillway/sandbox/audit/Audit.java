package io.spillway.sandbox.audit;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerRecord;
import io.spillway.ledger.Settlement;
import io.spillway.priority.Priority;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.longlong.PeekableLongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Proves that every event of an input went to exactly one place, from what topics say alone. Told
 * in this order: all outputs, {@link #judge} with the ranges of the input, each event of the input,
 * {@link #findings}. The outputs have to be read up to ends that are older than those of the input:
 * then an offset that they name and the input does not have was never there. Knows nothing of
 * Kafka. Memory: some bits an event, see {@link PartitionEvidence}, {@link Sources} and {@link
 * Alerts}. Not thread safe.
 */
public final class Audit {
  /** A range of offsets that no job writes in a second; what claims it is not believed. */
  private static final long LONGEST_RANGE = 1L << 32;

  private static final class Input {
    final Roaring64Bitmap offsets = new Roaring64Bitmap();
    final InputRange range;
    final long border;
    long countedAsSeen;

    Input(InputRange range, PartitionEvidence evidence) {
      this.range = range;
      this.border = range.committed().orElse(lastTold(evidence) + 1);
    }

    private static long lastTold(PartitionEvidence evidence) {
      Roaring64Bitmap named = evidence.named();
      return Math.max(named.isEmpty() ? -1 : named.last(), evidence.lastDescribed());
    }
  }

  /**
   * An event of the input.
   *
   * @param source empty where it has none
   * @param sequence 0 where it has none
   * @param id empty where it has none
   */
  public record Event(
      InputPartition partition,
      long offset,
      Priority priority,
      String source,
      long sequence,
      String id) {}

  private final AuditRule rule;
  private final Set<String> topics;
  private final Map<InputPartition, PartitionEvidence> evidence = new TreeMap<>();
  private final Map<InputPartition, Input> inputs = new TreeMap<>();
  private final LastWord ledger = new LastWord();
  private final Alerts alerts = new Alerts();
  private final Findings findings = new Findings();

  /**
   * @param topics the input; what is said of other topics is another job's
   */
  public Audit(AuditRule rule, Set<String> topics) {
    this.rule = rule;
    this.topics = Set.copyOf(topics);
  }

  /** A receipt names this offset. */
  public void receipt(InputPartition partition, long offset) {
    if (isOurs(partition, offset)) {
      at(partition).receipt(offset);
    }
  }

  /** A dead letter names this offset. */
  public void deadLetter(InputPartition partition, long offset, Reason reason) {
    if (isOurs(partition, offset)) {
      at(partition).deadLetter(offset, reason);
    }
  }

  /** A result of a window that is made of this many events. */
  public void window(long kept) {
    findings.window(kept);
  }

  /** An alert for the event with this source and id. */
  public void alert(String source, String id) {
    alerts.add(source, id);
  }

  /**
   * The next record of a partition of the ledger.
   *
   * @return false if it says what cannot be: offsets that are none, a list that does not fit its
   *     own counts
   */
  public boolean ledger(LedgerRecord record) {
    if (record instanceof LedgerEntry entry) {
      InputPartition partition = new InputPartition(entry.topic(), entry.partition());
      if (!isRange(entry.fromOffset(), entry.toOffset()) || !isConsistent(entry)) {
        return false;
      }
      if (isOurs(partition, entry.fromOffset())) {
        at(partition).described(entry);
        ledger.add(entry);
      }
    } else if (record instanceof Settlement settlement) {
      InputPartition partition = new InputPartition(settlement.topic(), settlement.partition());
      if (!isRange(settlement.from(), settlement.to())) {
        return false;
      }
      if (isOurs(partition, settlement.from())) {
        at(partition);
        ledger.add(settlement);
      }
    }
    return true;
  }

  /** A record of an output that cannot be understood: what it said, nobody said. */
  public void unreadable(String place, String reason) {
    findings.unreadable(place, reason);
  }

  /** All outputs are read; these are the parts of the input that come now. */
  public void judge(Map<InputPartition, InputRange> ranges) {
    ranges.keySet().forEach(this::at);
    evidence.forEach((partition, said) -> said.judgeBy(ledger, partition));
    ranges.forEach((partition, range) -> inputs.put(partition, new Input(range, at(partition))));
  }

  /** The next event of the input. */
  public void event(Event event) {
    Input input = inputs.get(event.partition());
    long offset = event.offset();
    if (offset < input.range.from() || offset >= input.range.end()) {
      return;
    }
    PartitionEvidence said = at(event.partition());
    input.offsets.addLong(offset);
    input.countedAsSeen += said.isCountedAsSeen(offset) ? 1 : 0;
    Destination destination = said.destination(offset, rule.withReceipts());
    if (destination == Destination.MISSING && offset >= input.border) {
      destination = Destination.WAITING;
    }
    findings.event(event, destination, isTwice(said, event, destination));
    boolean processed =
        switch (destination) {
          case DELIVERED, REPLAYED, ADMITTED -> offset < input.border;
          default -> false;
        };
    if (rule.withAlerts() && event.priority() == Priority.CRITICAL && !event.id().isEmpty()) {
      boolean alerted = alerts.has(event.source(), event.id());
      if (processed && !alerted) {
        findings.problem(Problem.Kind.NO_ALERT, event, "no alert has its source and id");
      }
    }
  }

  /** What came out, when every event has been told. */
  public Findings findings() {
    boolean isWhole = true;
    for (Map.Entry<InputPartition, PartitionEvidence> entry : evidence.entrySet()) {
      InputPartition partition = entry.getKey();
      Input input = inputs.get(partition);
      isWhole &= input == null || input.range.from() == 0;
      findNamesOfNothing(partition, entry.getValue(), input);
      if (input != null) {
        compareCounts(partition, entry.getValue(), input);
        findings.range(partition, input.range, input.border);
      }
    }
    findings.alertsOfNoEvent(isWhole ? alerts.unasked() : 0);
    return findings;
  }

  private boolean isTwice(PartitionEvidence said, Event event, Destination destination) {
    long offset = event.offset();
    boolean receipts = said.hasReceiptsAgain(offset);
    boolean records = said.isRecordedAgain(offset);
    boolean fates = said.hasTwoFates(offset);
    findings.again(receipts, records, fates);
    boolean twice =
        receipts && rule.resultsOnce()
            || records && rule.recordsOnce()
            || fates && rule.resultsOnce();
    if (twice) {
      String what =
          receipts && rule.resultsOnce()
              ? "two receipts"
              : records && rule.recordsOnce()
                  ? "two ledger entries or dead letters"
                  : "a receipt, and turned away as well";
      findings.problem(Problem.Kind.DOUBLE, event, what);
    }
    return twice;
  }

  private void findNamesOfNothing(InputPartition partition, PartitionEvidence said, Input input) {
    Roaring64Bitmap nothing = said.named();
    long from = input == null ? 0 : input.range.from();
    long end = input == null ? 0 : input.range.end();
    if (input != null) {
      nothing.andNot(input.offsets);
      findings.deferredAndDeleted(countBefore(said.open(), input.range.logStart()));
    }
    findings.outOfSight(countBefore(nothing, from));
    PeekableLongIterator offsets = nothing.getLongIteratorFrom(from);
    while (offsets.hasNext()) {
      long offset = offsets.next();
      findings.forged(partition, offset, said.witness(offset));
    }
    if (said.lastDescribed() >= end && !nothing.contains(said.lastDescribed())) {
      findings.forged(partition, said.lastDescribed(), "a range of the ledger");
    }
  }

  private void compareCounts(InputPartition partition, PartitionEvidence said, Input input) {
    boolean comparable =
        said.seen() >= 0
            && said.firstDescribed() >= input.range.from()
            && said.lastDescribed() < input.range.end();
    if (comparable && said.seen() != input.countedAsSeen) {
      findings.miscounted(
          partition,
          "the ledger has seen %,d events in its ranges, the input has %,d"
              .formatted(said.seen(), input.countedAsSeen));
    }
    findings.compared(comparable);
  }

  private static long countBefore(Roaring64Bitmap offsets, long end) {
    return end == 0 ? 0 : offsets.rankLong(end - 1);
  }

  private static boolean isRange(long from, long to) {
    return from >= 0 && to >= from && to - from <= LONGEST_RANGE && to < Long.MAX_VALUE;
  }

  private static boolean isConsistent(LedgerEntry entry) {
    long length = entry.toOffset() - entry.fromOffset() + 1;
    for (Outcome outcome : Outcome.values()) {
      long counted = Arrays.stream(entry.rejectedCounts()[outcome.ordinal()]).sum();
      RoaringBitmap listed = entry.rejected().getOrDefault(outcome, new RoaringBitmap());
      boolean inside = listed.isEmpty() || Integer.toUnsignedLong(listed.last()) < length;
      if (listed.getLongCardinality() != counted || !inside) {
        return false;
      }
    }
    return true;
  }

  private boolean isOurs(InputPartition partition, long offset) {
    if (!topics.contains(partition.topic())) {
      findings.ofOtherTopic();
      return false;
    }
    if (offset < 0) {
      findings.forged(partition, offset, "an output");
      return false;
    }
    return true;
  }

  private PartitionEvidence at(InputPartition partition) {
    return evidence.computeIfAbsent(partition, p -> new PartitionEvidence());
  }
}
