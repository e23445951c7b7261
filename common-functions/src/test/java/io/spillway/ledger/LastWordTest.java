package io.spillway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.priority.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class LastWordTest {
  private static final InputPartition PARTITION = new InputPartition("iot.events", 3);

  private final LastWord word = new LastWord();

  /** The same, offset by offset. */
  @Property(tries = 300)
  void anyInterleavingOfRepeatedRangesSaysOfEachOffsetWhatCameLast(
      @ForAll @IntRange(min = 1, max = 40) int records,
      @ForAll @LongRange(max = 1L << 33) long base,
      @ForAll long seed) {
    Random random = new Random(seed);
    LastWord lastWord = new LastWord();
    Map<Long, Outcome> expected = new TreeMap<>();
    for (int i = 0; i < records; i++) {
      long from = base + random.nextInt(200);
      long to = from + random.nextInt(100);
      Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
      for (long offset = from; offset <= to; offset++) {
        Outcome outcome = Outcome.values()[random.nextInt(Outcome.COUNT)];
        expected.put(offset, outcome);
        if (outcome != Outcome.ADMIT) {
          rejected
              .computeIfAbsent(outcome, o -> new RoaringBitmap())
              .add(Math.toIntExact(offset - from));
        }
      }
      lastWord.add(entry(from, to, rejected));
    }

    OffsetSet described = new OffsetSet();
    expected.keySet().forEach(described::add);
    assertThat(lastWord.described(PARTITION)).isEqualTo(described);
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.ADMIT) {
        OffsetSet offsets = new OffsetSet();
        expected.forEach(
            (offset, last) -> {
              if (last == outcome) {
                offsets.add(offset);
              }
            });
        assertThat(lastWord.rejected(PARTITION, outcome)).as("%s", outcome).isEqualTo(offsets);
      }
    }
  }

  /** A job reads from its last checkpoint on after each failure, and decides anew. */
  @Property(tries = 300)
  void afterFailuresNoOffsetIsMissingAndNoneHasTwoOutcomes(
      @ForAll @IntRange(min = 1, max = 3_000) int events, @ForAll long seed) {
    Random random = new Random(seed);
    LastWord lastWord = new LastWord();
    LedgerBook book = new LedgerBook("all");
    int checkpoint = 0;
    for (int offset = 0; offset < events; offset++) {
      int chance = random.nextInt(500);
      if (chance == 0) {
        offset = checkpoint;
        book = new LedgerBook("all");
      } else if (chance < 10) {
        book.close(Terms.unknown(), lastWord::add);
        checkpoint = offset;
      } else if (chance < 20) {
        book.closeUnlessQuiet(Terms.unknown(), lastWord::add);
      }
      Outcome outcome = random.nextInt(3) == 0 ? Outcome.DEFERRED : Outcome.ADMIT;
      if (random.nextInt(20) == 0) {
        outcome = Outcome.SHED;
      }
      book.record(event(offset), Priority.BULK, outcome);
    }
    book.close(Terms.unknown(), lastWord::add);

    OffsetSet all = new OffsetSet();
    all.addRange(0, events - 1L);
    assertThat(lastWord.described(PARTITION)).isEqualTo(all);
    OffsetSet both = lastWord.rejected(PARTITION, Outcome.DEFERRED);
    long deferred = both.size();
    both.addAll(lastWord.rejected(PARTITION, Outcome.SHED));
    assertThat(both.size()).isEqualTo(deferred + lastWord.rejected(PARTITION, Outcome.SHED).size());
  }

  @Test
  void whatWasReplayedOrIsGoneIsNoLongerOpen() {
    word.add(deferring(100, 199, 0, 5, 99));
    word.add(settlement(Settlement.Kind.REPLAYED, "run-1", 100, 105, 0, 5));
    assertThat(word.open(PARTITION).size()).isEqualTo(1);
    assertThat(word.open(PARTITION).contains(199)).isTrue();
    word.add(settlement(Settlement.Kind.GONE, "run-2", 199, 199, 0));
    assertThat(word.open(PARTITION).isEmpty()).isTrue();
    assertThat(word.settledBy("run-1", Settlement.Kind.REPLAYED)).isEqualTo(2);
    assertThat(word.settledBy("run-1", Settlement.Kind.GONE)).isZero();
    assertThat(word.settledBy("run-2", Settlement.Kind.GONE)).isEqualTo(1);
  }

  @Test
  void aRangeThatIsDescribedAgainAfterItsReplayStaysSettled() {
    word.add(deferring(100, 199, 0, 5));
    word.add(settlement(Settlement.Kind.REPLAYED, "run-1", 100, 105, 0, 5));
    word.add(deferring(100, 199, 5, 6));
    assertThat(word.open(PARTITION).size()).isEqualTo(1);
    assertThat(word.open(PARTITION).contains(106)).isTrue();
  }

  @Test
  void aLaneSaysNothingAboutTheEventsOfAnother() {
    word.add(deferring(0, 99, 7));
    word.add(
        new LedgerEntry(
            PARTITION.topic(),
            PARTITION.partition(),
            0,
            99,
            "express",
            new long[Priority.COUNT],
            new long[Outcome.COUNT][Priority.COUNT],
            Map.of(),
            Terms.unknown()));
    assertThat(word.open(PARTITION).contains(7)).isTrue();
  }

  @Test
  void aRecordThatCannotBeReadIsCountedAndNamedAndCostsNothingElse() {
    word.add(LedgerJson.write(deferring(0, 9, 1)), "spillway.ledger-0@0");
    word.add("{\"topic\":\"iot".getBytes(UTF_8), "spillway.ledger-0@1");
    word.add(null, "spillway.ledger-0@2");
    word.add("{\"topic\":\"t\",\"partition\":0}".getBytes(UTF_8), "spillway.ledger-0@3");
    word.add("[]".getBytes(UTF_8), "spillway.ledger-0@4");
    word.add("".getBytes(UTF_8), "spillway.ledger-0@5");
    word.add(LedgerJson.write(deferring(10, 19, 2)), "spillway.ledger-0@6");

    assertThat(word.open(PARTITION).size()).isEqualTo(2);
    assertThat(word.unreadable()).isEqualTo(5);
    assertThat(word.problems())
        .hasSize(5)
        .contains(
            "spillway.ledger-0@2: a ledger record without a value",
            "spillway.ledger-0@3: a ledger entry without 'from'");
    assertThat(word.problems().get(0)).startsWith("spillway.ledger-0@1: not JSON: ");
  }

  private static LedgerEntry deferring(long from, long to, int... offsets) {
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    rejected.put(Outcome.DEFERRED, RoaringBitmap.bitmapOf(offsets));
    return entry(from, to, rejected);
  }

  private static LedgerEntry entry(long from, long to, Map<Outcome, RoaringBitmap> rejected) {
    return new LedgerEntry(
        PARTITION.topic(),
        PARTITION.partition(),
        from,
        to,
        "all",
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        rejected,
        Terms.unknown());
  }

  private static Settlement settlement(
      Settlement.Kind kind, String run, long from, long to, int... offsets) {
    return new Settlement(
        PARTITION.topic(),
        PARTITION.partition(),
        from,
        to,
        "replay",
        kind,
        run,
        RoaringBitmap.bitmapOf(offsets));
  }

  private static RawEvent event(long offset) {
    return new RawEvent(
        PARTITION.topic(), PARTITION.partition(), offset, 0, null, null, EventHeaders.empty());
  }
}
