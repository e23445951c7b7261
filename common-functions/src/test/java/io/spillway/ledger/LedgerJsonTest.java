package io.spillway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class LedgerJsonTest {

  @Test
  void writesTheFieldsInTheirAgreedOrder() {
    LedgerEntry entry = entry("iot.events", 0, 100, 2099, "all");
    entry.seen()[Priority.CRITICAL.ordinal()] = 5;
    entry.seen()[Priority.BULK.ordinal()] = 1940;
    entry.rejectedCounts()[Outcome.SHED.ordinal()][Priority.BULK.ordinal()] = 2;
    entry.rejected().put(Outcome.SHED, RoaringBitmap.bitmapOf(3, 7));

    assertThat(new String(LedgerJson.write(entry), UTF_8))
        .isEqualTo(
            "{\"topic\":\"iot.events\",\"partition\":0,\"from\":100,\"to\":2099,\"lane\":\"all\","
                + "\"seen\":{\"critical\":5,\"high\":0,\"normal\":0,\"bulk\":1940},"
                + "\"rejected\":{\"shed\":{\"counts\":"
                + "{\"critical\":0,\"high\":0,\"normal\":0,\"bulk\":2},"
                + "\"offsets\":\"OjAAAAEAAAAAAAEAEAAAAAMABwA=\"}},"
                + "\"policy\":7,\"keep\":{\"high\":1.0,\"normal\":0.42,\"bulk\":0.01},"
                + "\"at\":1732431234567}");
  }

  @Property
  void readsWhatItWrote(
      @ForAll @StringLength(max = 20) String topic,
      @ForAll @IntRange(max = 1000) int partition,
      @ForAll @LongRange(max = Long.MAX_VALUE / 2) long from,
      @ForAll @IntRange(max = 300_000) int length,
      @ForAll long seed)
      throws IOException {
    LedgerEntry entry = entry(topic, partition, from, from + length, "bulk");
    Random random = new Random(seed);
    for (Priority priority : Priority.values()) {
      entry.seen()[priority.ordinal()] = random.nextLong(1L << 53);
    }
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.ADMIT && random.nextBoolean()) {
        RoaringBitmap offsets = new RoaringBitmap();
        for (int i = random.nextInt(1000); i >= 0; i--) {
          int start = random.nextInt(length + 1);
          offsets.add(start, Math.min(length + 1L, start + 1L + random.nextInt(5)));
        }
        entry.rejected().put(outcome, offsets);
        entry.rejectedCounts()[outcome.ordinal()][random.nextInt(Priority.COUNT)] =
            offsets.getLongCardinality();
      }
    }

    assertSame(LedgerJson.read(LedgerJson.write(entry)), entry);
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertThatThrownBy(() -> LedgerJson.read("{\"topic\":\"t\"}".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessage("a ledger entry without 'from'");
    assertThatThrownBy(() -> LedgerJson.read("no json".getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
    String badOffsets =
        "{\"topic\":\"t\",\"partition\":0,\"from\":1,\"to\":2,"
            + "\"rejected\":{\"shed\":{\"counts\":{\"critical\":0,\"high\":0,\"normal\":0,\"bulk\":0},"
            + "\"offsets\":\"AAAA\"}}}";
    assertThatThrownBy(() -> LedgerJson.read(badOffsets.getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessage("a ledger entry whose 'offsets' are not a bitmap");
  }

  @Test
  void readsAnEntryOfTheFirstVersion() throws IOException {
    LedgerEntry read =
        LedgerJson.read(
            ("{\"topic\":\"t\",\"partition\":0,\"from\":1,\"to\":2,\"lane\":\"all\",\"rejected\":{},"
                    + "\"seen\":{\"critical\":0,\"high\":0,\"normal\":0,\"bulk\":2}}")
                .getBytes(UTF_8));
    assertThat(read.terms().policy()).isZero();
    assertThat(read.terms().atMillis()).isZero();
    assertThat(read.terms().keep()).containsOnly(Double.NaN);
  }

  @Test
  void aSettlementNamesTheReplayByWhatItDid() throws IOException {
    Settlement replayed =
        new Settlement(
            "iot.events",
            3,
            100,
            107,
            "replay",
            Settlement.Kind.REPLAYED,
            "run-1",
            RoaringBitmap.bitmapOf(0, 7));
    assertThat(new String(LedgerJson.write(replayed), UTF_8))
        .isEqualTo(
            "{\"topic\":\"iot.events\",\"partition\":3,\"from\":100,\"to\":107,\"lane\":\"replay\","
                + "\"replay\":\"run-1\",\"offsets\":\"OjAAAAEAAAAAAAEAEAAAAAAABwA=\"}");
    assertThat(LedgerJson.readAny(LedgerJson.write(replayed))).isEqualTo(replayed);
    Settlement gone =
        new Settlement(
            "t", 0, 1, 1, "replay", Settlement.Kind.GONE, "run-1", RoaringBitmap.bitmapOf(0));
    assertThat(new String(LedgerJson.write(gone), UTF_8)).contains("\"gone\":\"run-1\"");
    assertThat(LedgerJson.readAny(LedgerJson.write(gone))).isEqualTo(gone);
  }

  @Test
  void aClaimSaysWhoseItIsAndWhetherItIsTheLast() throws IOException {
    Claim claim = new Claim("run-1", "iot", 1_732_431_234_567L, false);
    assertThat(new String(LedgerJson.write(claim), UTF_8))
        .isEqualTo("{\"claim\":\"run-1\",\"job\":\"iot\",\"at\":1732431234567}");
    assertThat(LedgerJson.readAny(LedgerJson.write(claim))).isEqualTo(claim);
    Claim last = new Claim("run-1", "iot", 1_732_431_234_567L, true);
    assertThat(LedgerJson.readAny(LedgerJson.write(last))).isEqualTo(last);
  }

  @Test
  void refusesOffsetsThatLieOutsideOfTheirRange() {
    Settlement outside =
        new Settlement(
            "t", 0, 1, 3, "replay", Settlement.Kind.GONE, "run-1", RoaringBitmap.bitmapOf(3));
    assertThatThrownBy(() -> LedgerJson.readAny(LedgerJson.write(outside)))
        .isInstanceOf(IOException.class)
        .hasMessage("a ledger entry whose offsets lie outside of 1..3");
  }

  @Test
  void keepsEntriesOfOneInputPartitionInOrderByTheirKey() throws IOException {
    LedgerEntry entry = entry("iot.events", 3, 1, 2, "all");

    ProducerRecord<byte[], byte[]> written =
        new LedgerRecordSerializer("spillway.ledger").serialize(entry, null, null);

    assertThat(written.topic()).isEqualTo("spillway.ledger");
    assertThat(new String(written.key(), UTF_8)).isEqualTo("iot.events-3");
    assertSame(LedgerJson.read(written.value()), entry);
  }

  private static void assertSame(LedgerEntry actual, LedgerEntry expected) {
    assertThat(List.of(actual.topic(), actual.partition(), actual.lane()))
        .isEqualTo(List.of(expected.topic(), expected.partition(), expected.lane()));
    assertThat(List.of(actual.fromOffset(), actual.toOffset(), actual.rejected()))
        .isEqualTo(List.of(expected.fromOffset(), expected.toOffset(), expected.rejected()));
    assertThat(actual.seen()).isEqualTo(expected.seen());
    assertThat(actual.terms().policy()).isEqualTo(expected.terms().policy());
    assertThat(actual.terms().atMillis()).isEqualTo(expected.terms().atMillis());
    assertThat(actual.rejectedCounts()).isDeepEqualTo(expected.rejectedCounts());
  }

  private static LedgerEntry entry(String topic, int partition, long from, long to, String lane) {
    Map<Outcome, RoaringBitmap> rejected = new EnumMap<>(Outcome.class);
    return new LedgerEntry(
        topic,
        partition,
        from,
        to,
        lane,
        new long[Priority.COUNT],
        new long[Outcome.COUNT][Priority.COUNT],
        rejected,
        new Terms(7, new double[] {1.0, 1.0, 0.42, 0.01}, 1_732_431_234_567L));
  }
}
