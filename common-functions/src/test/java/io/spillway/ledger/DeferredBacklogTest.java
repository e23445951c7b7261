package io.spillway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LastWord.InputPartition;
import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.roaringbitmap.RoaringBitmap;

class DeferredBacklogTest {
  private static final InputPartition PARTITION = new InputPartition("iot.events", 0);

  private final DeferredBacklog backlog = new DeferredBacklog();

  /** As long as nothing has been deleted it is what a replay goes by. */
  @Property(tries = 200)
  void agreesWithTheLastWordOnWhatIsOpen(@ForAll long seed) {
    Random random = new Random(seed);
    LastWord lastWord = new LastWord();
    DeferredBacklog all = new DeferredBacklog();
    for (int i = 0; i < 30; i++) {
      LedgerRecord record = random(random);
      lastWord.add(record);
      all.add(record);
    }
    assertThat(all.open(PARTITION)).isEqualTo(lastWord.open(PARTITION));
  }

  /** It makes no difference whether the log is known to begin later before or after the records. */
  @Property(tries = 200)
  void keepsOnlyWhatKafkaHas(@ForAll long seed) {
    Random random = new Random(seed);
    LastWord lastWord = new LastWord();
    DeferredBacklog all = new DeferredBacklog();
    long start = random.nextInt(200);
    int learnsAt = random.nextInt(30);
    for (int i = 0; i < 30; i++) {
      if (i == learnsAt) {
        all.logStartsAt(PARTITION, start);
      }
      LedgerRecord record = random(random);
      lastWord.add(record);
      all.add(record);
    }
    OffsetSet expected = lastWord.open(PARTITION);
    if (start > 0) {
      expected.removeRange(0, start - 1);
    }
    assertThat(all.open(PARTITION)).isEqualTo(expected);
  }

  @Example
  void whatTheLogNoLongerHasIsGoneAndForgotten() {
    backlog.add(deferring(100, 0, 5, 9));
    backlog.logStartsAt(PARTITION, 106);
    assertThat(backlog.open(PARTITION).first()).isEqualTo(109);
    assertThat(backlog.open(PARTITION).size()).isEqualTo(1);
    assertThat(backlog.gone(PARTITION)).isEqualTo(2);
    backlog.logStartsAt(PARTITION, 90);
    assertThat(backlog.gone(PARTITION)).as("a log never begins earlier").isEqualTo(2);
  }

  @Example
  void anEventThatAReplayHadReadBeforeItWasDeletedIsNotGone() {
    backlog.add(deferring(100, 0, 5, 9));
    backlog.logStartsAt(PARTITION, 200);
    assertThat(backlog.gone(PARTITION)).isEqualTo(3);
    backlog.add(settled(Settlement.Kind.REPLAYED, 100, 0, 5));
    assertThat(backlog.gone(PARTITION)).isEqualTo(1);
  }

  @Example
  void anEventThatAReplayDidNotFindIsGoneOnce() {
    backlog.add(deferring(100, 0, 5));
    backlog.logStartsAt(PARTITION, 200);
    backlog.add(settled(Settlement.Kind.GONE, 100, 0, 5));
    assertThat(backlog.gone(PARTITION)).isEqualTo(2);
    backlog.add(deferring(300, 1));
    backlog.add(settled(Settlement.Kind.GONE, 300, 1));
    assertThat(backlog.gone(PARTITION)).isEqualTo(3);
    assertThat(backlog.open(PARTITION).isEmpty()).isTrue();
  }

  @Example
  void aRangeOfTheLogThatIsGoneIsNotLookedAtAgain() {
    backlog.logStartsAt(PARTITION, 105);
    backlog.add(deferring(100, 0, 9));
    assertThat(backlog.open(PARTITION).size()).isEqualTo(1);
    backlog.add(deferring(90, 0, 5));
    assertThat(backlog.gone(PARTITION)).isZero();
  }

  @Example
  void takesTwoBitsForEachEventInAnOverload() {
    int events = 4_000_000;
    Random random = new Random(3);
    for (int from = 0; from < events; from += 10_000) {
      RoaringBitmap offsets = new RoaringBitmap();
      for (int offset = 0; offset < 10_000; offset++) {
        if (random.nextInt(5) > 0) {
          offsets.add(offset);
        }
      }
      backlog.add(entry(from, from + 9_999, offsets));
      if (from < events / 2) {
        backlog.add(
            new Settlement(
                "iot.events",
                0,
                from,
                from + 9_999,
                "replay",
                Settlement.Kind.REPLAYED,
                "r",
                offsets));
      }
    }
    assertThat(8.0 * backlog.bytes() / events).isLessThan(2);
    backlog.logStartsAt(PARTITION, events);
    assertThat(backlog.bytes()).isLessThan(1_000);
  }

  private static LedgerRecord random(Random random) {
    int from = random.nextInt(200);
    int to = from + random.nextInt(40);
    RoaringBitmap offsets = new RoaringBitmap();
    for (int offset = 0; offset <= to - from; offset++) {
      if (random.nextBoolean()) {
        offsets.add(offset);
      }
    }
    return switch (random.nextInt(6)) {
      case 0 -> settlement(Settlement.Kind.REPLAYED, from, to, offsets);
      case 1 -> settlement(Settlement.Kind.GONE, from, to, offsets);
      default -> entry(from, to, offsets);
    };
  }

  private static LedgerEntry deferring(long from, int... offsets) {
    return entry(from, from + offsets[offsets.length - 1], RoaringBitmap.bitmapOf(offsets));
  }

  private static LedgerEntry entry(long from, long to, RoaringBitmap offsets) {
    return new LedgerEntry(
        "iot.events",
        0,
        from,
        to,
        "all",
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        offsets.isEmpty() ? Map.of() : Map.of(Outcome.DEFERRED, offsets),
        Terms.unknown());
  }

  private static Settlement settled(Settlement.Kind kind, long from, int... offsets) {
    return settlement(
        kind, from, from + offsets[offsets.length - 1], RoaringBitmap.bitmapOf(offsets));
  }

  private static Settlement settlement(
      Settlement.Kind kind, long from, long to, RoaringBitmap offsets) {
    return new Settlement("iot.events", 0, from, to, "replay", kind, "run", offsets);
  }
}
