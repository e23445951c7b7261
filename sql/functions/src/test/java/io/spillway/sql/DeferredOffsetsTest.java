package io.spillway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Offsets below 10 are in the ledger's records here; times are their places in the ledger. */
class DeferredOffsetsTest {
  private interface Said {
    void to(DeferredRecords records) throws Exception;
  }

  private final DeferredOffsets function = new DeferredOffsets();

  @Test
  void whatIsNeitherReplayedNorGoneIsOpenSinceTheLedgerWasTold() throws Exception {
    assertThat(
            result(
                deferred(1, 0, 9, 2, 3),
                deferred(2, 10, 19, 0, 5, 6),
                replayed(3, 2, 10, 0, 8),
                gone(4, 3, 3, 0)))
        .isEqualTo(Row.of(5L, 2L, 1L, 2L, 15L, Instant.ofEpochMilli(2), 0L));
  }

  @Test
  void aRangeThatWasDescribedAgainCountsAsDescribedLastInAnyOrder() throws Exception {
    List<Said> said =
        new ArrayList<>(List.of(deferred(1, 0, 9, 2, 3), deferred(5, 0, 4, 1), deferred(6, 5, 9)));
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(said, new Random(seed));
      assertThat(result(said.toArray(Said[]::new)))
          .isEqualTo(Row.of(1L, 0L, 0L, 1L, 1L, Instant.ofEpochMilli(5), 0L));
    }
  }

  @Test
  void whatIsSettledIsNotOpenAgainWhateverTheLedgerSaysLater() throws Exception {
    assertThat(result(deferred(1, 0, 9, 2, 3), replayed(2, 2, 3, 0, 1), deferred(3, 0, 9, 2, 3)))
        .isEqualTo(Row.of(2L, 2L, 0L, 0L, null, null, 0L));
  }

  @Test
  void aRecordThatCannotBeIsCountedAndCostsWhatItSaid() throws Exception {
    assertThat(
            result(
                deferred(1, 0, 9, 2),
                records ->
                    function.accumulate(
                        records, 2L, "all", 10L, 19L, "AAAA", null, null, null, null),
                records ->
                    function.accumulate(records, 3L, "all", 30L, 20L, null, null, null, null, null),
                records ->
                    function.accumulate(
                        records, 4L, "all", null, 20L, null, null, null, null, null),
                deferred(5, 20, 22, 7)))
        .isEqualTo(Row.of(1L, 0L, 0L, 1L, 2L, Instant.ofEpochMilli(1), 4L));
  }

  private Row result(Said... all) throws Exception {
    DeferredRecords records = function.createAccumulator();
    for (Said said : all) {
      said.to(records);
    }
    return function.getValue(records);
  }

  private Said deferred(long offset, long from, long to, int... offsets) {
    Instant at = Instant.ofEpochMilli(offset);
    String bitmap = offsets.length == 0 ? null : text(offsets);
    return records ->
        function.accumulate(records, offset, "all", from, to, bitmap, null, null, null, at);
  }

  private Said replayed(long offset, long from, long to, int... offsets) {
    return records ->
        function.accumulate(
            records, offset, "replay", from, to, null, "run", null, text(offsets), null);
  }

  private Said gone(long offset, long from, long to, int... offsets) {
    return records ->
        function.accumulate(
            records, offset, "replay", from, to, null, null, "run", text(offsets), null);
  }

  static String text(int... offsets) {
    RoaringBitmap bitmap = RoaringBitmap.bitmapOf(offsets);
    ByteBuffer buffer = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
    bitmap.serialize(buffer);
    return Base64.getEncoder().encodeToString(buffer.array());
  }
}
