package io.spillway.sandbox.audit;

import io.spillway.admission.Outcome;
import io.spillway.event.DeadLetter.Reason;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.OffsetSet;
import io.spillway.ledger.Settlement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * What the topics that a job writes say of one partition of its input, and the rule that makes one
 * {@link Destination} of it: what a replay settled is settled, else a result outweighs the ledger,
 * and the ledger a dead letter. Told first, in any order and with repetitions; {@link #judgeBy}
 * then takes over what the ledger says in the end, and after it come the questions. Some bits an
 * offset, in compressed bitmaps. Not thread safe.
 */
final class PartitionEvidence {
  private final Roaring64Bitmap receipts = new Roaring64Bitmap();
  private final Roaring64Bitmap receiptsAgain = new Roaring64Bitmap();
  private final Roaring64Bitmap notLookedAt = new Roaring64Bitmap();
  private final Roaring64Bitmap afterAdmission = new Roaring64Bitmap();
  private final Roaring64Bitmap late = new Roaring64Bitmap();
  private final Roaring64Bitmap lettersAgain = new Roaring64Bitmap();
  private final Map<String, Ranges> describedByLane = new HashMap<>();
  private final Ranges described = new Ranges();
  private final Ranges describedAgain = new Ranges();
  private final Map<Outcome, OffsetSet> turnedAway = new EnumMap<>(Outcome.class);
  private OffsetSet replayed = new OffsetSet();
  private OffsetSet gone = new OffsetSet();
  private OffsetSet open = new OffsetSet();
  private long seen;

  void receipt(long offset) {
    addOrRepeat(receipts, receiptsAgain, offset);
  }

  void deadLetter(long offset, Reason reason) {
    Roaring64Bitmap letters =
        switch (reason) {
          // The last two are of records that are no events of a job.
          case BAD_HEADER, BAD_TIME, EMPTY_VALUE, TOO_LARGE, BAD_POLICY, REFUSED -> notLookedAt;
          case BAD_PAYLOAD, OVER_QUOTA -> afterAdmission;
          case LATE -> late;
        };
    addOrRepeat(letters, lettersAgain, offset);
  }

  /** Notes which offsets an entry is about, and how many events; not what became of them. */
  void described(LedgerEntry entry) {
    describedByLane
        .computeIfAbsent(entry.lane(), lane -> new Ranges())
        .add(entry.fromOffset(), entry.toOffset(), describedAgain);
    described.add(entry.fromOffset(), entry.toOffset(), null);
    for (long events : entry.seen()) {
      seen += events;
    }
  }

  /** Takes over what the ledger says of this partition now that all of it is read. */
  void judgeBy(LastWord ledger, InputPartition partition) {
    for (Outcome outcome : Outcome.values()) {
      OffsetSet offsets = ledger.rejected(partition, outcome);
      if (!offsets.isEmpty()) {
        turnedAway.put(outcome, offsets);
      }
    }
    replayed = ledger.settled(partition, Settlement.Kind.REPLAYED);
    gone = ledger.settled(partition, Settlement.Kind.GONE);
    open = ledger.open(partition);
  }

  /**
   * Where an event at this offset went.
   *
   * @param withReceipts whether the job writes a receipt for what it delivers
   * @return {@link Destination#MISSING} if nothing is known of it
   */
  Destination destination(long offset, boolean withReceipts) {
    if (replayed.contains(offset)) {
      return Destination.REPLAYED;
    }
    if (receipts.contains(offset)) {
      return Destination.DELIVERED;
    }
    if (gone.contains(offset)) {
      return Destination.GONE;
    }
    for (Map.Entry<Outcome, OffsetSet> outcome : turnedAway.entrySet()) {
      if (outcome.getValue().contains(offset)) {
        return Destination.of(outcome.getKey());
      }
    }
    if (isDeadLetter(offset)) {
      return Destination.DEAD_LETTER;
    }
    return !withReceipts && described.contains(offset) ? Destination.ADMITTED : Destination.MISSING;
  }

  /** Whether the ledger counts the event as one that admission has seen. */
  boolean isCountedAsSeen(long offset) {
    return described.contains(offset) && !notLookedAt.contains(offset);
  }

  boolean hasReceipt(long offset) {
    return receipts.contains(offset);
  }

  boolean hasReceiptsAgain(long offset) {
    return receiptsAgain.contains(offset);
  }

  /** Whether the ledger describes it twice, or two dead letters hold it. */
  boolean isRecordedAgain(long offset) {
    return describedAgain.contains(offset) || lettersAgain.contains(offset);
  }

  /** Whether topics name two fates of it: after a failure an event may meet another one. */
  boolean hasTwoFates(long offset) {
    return receipts.contains(offset)
        && !replayed.contains(offset)
        && (isUnprocessed(offset)
            || turnedAway.values().stream().anyMatch(offsets -> offsets.contains(offset)));
  }

  /**
   * Number of events that admission says it has seen, or -1 where that cannot be compared with the
   * input: two lanes share the partition, or a part of it was described twice.
   */
  long seen() {
    return describedByLane.size() == 1 && describedAgain.isEmpty() ? seen : -1;
  }

  /** The first offset that the ledger describes; -1 if there is none. */
  long firstDescribed() {
    return described.first();
  }

  /** The last offset that the ledger describes; -1 if there is none. */
  long lastDescribed() {
    return described.last();
  }

  /** Offsets that were deferred and that nobody has read again. */
  Roaring64Bitmap open() {
    Roaring64Bitmap all = new Roaring64Bitmap();
    addAll(all, open);
    return all;
  }

  /** Every offset that a receipt, a dead letter or a list in the ledger names. */
  Roaring64Bitmap named() {
    Roaring64Bitmap all = new Roaring64Bitmap();
    all.or(receipts);
    all.or(notLookedAt);
    all.or(afterAdmission);
    all.or(late);
    addAll(all, replayed);
    addAll(all, gone);
    turnedAway.values().forEach(offsets -> addAll(all, offsets));
    return all;
  }

  /** Who names this offset. */
  String witness(long offset) {
    if (receipts.contains(offset)) {
      return "a receipt";
    }
    return isDeadLetter(offset) ? "a dead letter" : "the ledger";
  }

  private boolean isDeadLetter(long offset) {
    return isUnprocessed(offset) || late.contains(offset);
  }

  /** Dead letters in place of a receipt; those that come late had one before. */
  private boolean isUnprocessed(long offset) {
    return notLookedAt.contains(offset) || afterAdmission.contains(offset);
  }

  private static void addOrRepeat(Roaring64Bitmap offsets, Roaring64Bitmap again, long offset) {
    if (offsets.contains(offset)) {
      again.addLong(offset);
    } else {
      offsets.addLong(offset);
    }
  }

  private static void addAll(Roaring64Bitmap to, OffsetSet from) {
    from.forEachRange(
        1 << 16,
        (first, last, offsets) ->
            offsets.forEach((int offset) -> to.addLong(first + Integer.toUnsignedLong(offset))));
  }
}
