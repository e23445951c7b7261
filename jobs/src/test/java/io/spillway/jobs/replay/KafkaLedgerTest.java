package io.spillway.jobs.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.Outcome;
import io.spillway.ledger.LastWord;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.LedgerJson;
import io.spillway.ledger.Settlement;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** What a replay makes of a ledger; that it is read from Kafka is for the integration tests. */
class KafkaLedgerTest {
  private static final Set<String> INPUTS = Set.of("iot.events");

  private final LastWord ledger = new LastWord();

  @Test
  void whatIsOpenIsInSplitsThatSpanOnlySoMuchAndPartitionsTakeTurns() {
    ledger.add(deferring("iot.events", 0, 100, 0, 5, 200_000));
    ledger.add(deferring("iot.events", 7, 900, 1));
    assertThat(KafkaLedger.splits(ledger, INPUTS))
        .extracting(ReplaySplit::partition, ReplaySplit::from, ReplaySplit::to, ReplaySplit::next)
        .containsExactly(
            tuple(0, 100L, 105L, 100L),
            tuple(7, 901L, 901L, 901L),
            tuple(0, 200_100L, 200_100L, 200_100L));
  }

  @Test
  void theDeferredEventsOfOtherJobsAreTheirs() {
    ledger.add(deferring("video.events", 0, 100, 0));
    assertThat(KafkaLedger.splits(ledger, INPUTS)).isEmpty();
  }

  /** The ledger lists offsets: seed, thresholds and policy of then are not needed again. */
  @Test
  void itDoesNotMatterOnWhichTermsEventsWereDeferred() {
    ledger.add(deferring("iot.events", 0, 100, 0, 5));
    LedgerEntry other = deferring("iot.events", 0, 200, 1);
    ledger.add(
        new LedgerEntry(
            other.topic(),
            other.partition(),
            other.fromOffset(),
            other.toOffset(),
            other.lane(),
            other.seen(),
            other.rejectedCounts(),
            other.rejected(),
            new Terms(3, new double[] {1, 1, 0.5, 0}, 1_700_000_000_000L)));
    assertThat(KafkaLedger.splits(ledger, INPUTS))
        .singleElement()
        .satisfies(
            split -> assertThat(split.offsets()).isEqualTo(RoaringBitmap.bitmapOf(0, 5, 101)));
  }

  @Test
  void aSecondReplayFindsNothingToDo() {
    ledger.add(deferring("iot.events", 0, 100, 0, 5));
    for (ReplaySplit split : KafkaLedger.splits(ledger, INPUTS)) {
      ledger.add(
          new Settlement(
              split.topic(),
              split.partition(),
              split.from(),
              split.to(),
              "replay",
              Settlement.Kind.REPLAYED,
              "run-1",
              split.offsets()));
    }
    assertThat(KafkaLedger.splits(ledger, INPUTS)).isEmpty();
  }

  @Test
  void aCorruptedRecordCostsWhatItSaidAndNothingElse() {
    byte[] good = LedgerJson.write(deferring("iot.events", 0, 100, 0));
    ledger.add(new String(good, UTF_8).replace("OjA", "AAA").getBytes(UTF_8), "ledger-0@0");
    ledger.add(good, "ledger-0@1");
    assertThat(ledger.problems())
        .containsExactly("ledger-0@0: a ledger entry whose 'offsets' are not a bitmap");
    assertThat(KafkaLedger.splits(ledger, INPUTS)).hasSize(1);
  }

  private static LedgerEntry deferring(String topic, int partition, long from, int... offsets) {
    return new LedgerEntry(
        topic,
        partition,
        from,
        from + offsets[offsets.length - 1],
        "all",
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        Map.of(Outcome.DEFERRED, RoaringBitmap.bitmapOf(offsets)),
        Terms.unknown());
  }
}
