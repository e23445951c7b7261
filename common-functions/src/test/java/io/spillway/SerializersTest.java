package io.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.AdmittedEvent;
import io.spillway.admission.Outcome;
import io.spillway.admission.RejectedEvents;
import io.spillway.admission.Strata;
import io.spillway.event.DeadLetter;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.event.SampleEvent;
import io.spillway.ledger.LedgerEntry;
import io.spillway.ledger.Terms;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/**
 * Every type that crosses the network comes out as it went in, through the serializer of its type.
 */
class SerializersTest {

  @Property
  void rawEventsComeOutAsTheyWentIn(@ForAll("rawEvents") RawEvent event) throws IOException {
    assertThat(throughTheNetwork(RawEvent.class, event)).isEqualTo(event);
  }

  @Property
  void admittedEventsComeOutAsTheyWentIn(
      @ForAll("rawEvents") RawEvent raw,
      @ForAll Priority priority,
      @ForAll long eventTimeMillis,
      @ForAll double weight)
      throws IOException {
    AdmittedEvent event = new AdmittedEvent(raw, priority, eventTimeMillis, weight);
    assertThat(throughTheNetwork(AdmittedEvent.class, event)).isEqualTo(event);
  }

  @Property
  void deadLettersComeOutAsTheyWentIn(
      @ForAll("rawEvents") RawEvent raw, @ForAll DeadLetter.Reason reason, @ForAll String detail)
      throws IOException {
    DeadLetter letter = new DeadLetter(raw, reason, detail);
    assertThat(throughTheNetwork(DeadLetter.class, letter)).isEqualTo(letter);
  }

  @Property
  void ledgerEntriesComeOutAsTheyWentIn(@ForAll("ledgerEntries") LedgerEntry entry)
      throws IOException {
    assertThat(throughTheNetwork(LedgerEntry.class, entry))
        .usingRecursiveComparison()
        .withEqualsForType(RoaringBitmap::equals, RoaringBitmap.class)
        .isEqualTo(entry);
  }

  @Property
  void rejectedEventsComeOutAsTheyWentIn(
      @ForAll byte[] key,
      @ForAll long from,
      @ForAll long to,
      @ForAll @Size(Strata.COUNT) long[] counts)
      throws IOException {
    RejectedEvents events = new RejectedEvents(key, from, to, counts);
    assertThat(throughTheNetwork(RejectedEvents.class, events)).isEqualTo(events);
  }

  /** {@code writeUTF} would fail the job on any of these. */
  @Test
  void textsAndValuesOfAnySizePass() throws IOException {
    String longText = "n".repeat(100_000);
    RawEvent raw =
        SampleEvent.bare().header(longText, new byte[70_000]).value(new byte[5_000_000]).event();
    DeadLetter letter = new DeadLetter(raw, DeadLetter.Reason.TOO_LARGE, longText);
    assertThat(throughTheNetwork(DeadLetter.class, letter)).isEqualTo(letter);
  }

  @Test
  void aSavepointFindsTheSerializersAgain() {
    for (Class<?> type :
        List.of(
            RawEvent.class,
            AdmittedEvent.class,
            DeadLetter.class,
            LedgerEntry.class,
            RejectedEvents.class)) {
      TypeSerializer<?> serializer = serializer(type);
      TypeSerializerSnapshot<?> snapshot = serializer.snapshotConfiguration();
      assertThat(snapshot.restoreSerializer()).isEqualTo(serializer);
      assertThat(serializer.duplicate()).isEqualTo(serializer);
      assertThat(serializer.isImmutableType()).isTrue();
      assertThat(serializer.createInstance()).isNotNull();
    }
  }

  private static <T> TypeSerializer<T> serializer(Class<T> type) {
    TypeInformation<T> information = TypeInformation.of(type);
    return information.createSerializer(new SerializerConfigImpl());
  }

  private static <T> T throughTheNetwork(Class<T> type, T value) throws IOException {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer written = new DataOutputSerializer(64);
    serializer.serialize(value, written);
    DataOutputSerializer copied = new DataOutputSerializer(64);
    serializer.copy(new DataInputDeserializer(written.getCopyOfBuffer()), copied);
    assertThat(copied.getCopyOfBuffer()).isEqualTo(written.getCopyOfBuffer());

    DataInputDeserializer input = new DataInputDeserializer(copied.getCopyOfBuffer());
    T read = serializer.deserialize(serializer.createInstance(), input);
    assertThat(input.available()).isZero();
    return read;
  }

  @Provide
  Arbitrary<RawEvent> rawEvents() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(20).injectNull(0.1);
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of("ce_id", "ce_intendedsendtime", "content-type"),
            Arbitraries.strings().ofMaxLength(6));
    Arbitrary<EventHeaders> headers =
        Combinators.combine(names, bytes)
            .as((name, value) -> EventHeaders.empty().with(name, value))
            .list()
            .ofMaxSize(6)
            .map(SerializersTest::joined);
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(10),
            Arbitraries.integers(),
            Arbitraries.longs(),
            Arbitraries.longs(),
            bytes,
            bytes,
            headers)
        .as(RawEvent::new);
  }

  private static EventHeaders joined(List<EventHeaders> parts) {
    EventHeaders all = EventHeaders.empty();
    for (EventHeaders part : parts) {
      all = all.with(part.name(0), part.value(0));
    }
    return all;
  }

  @Provide
  Arbitrary<LedgerEntry> ledgerEntries() {
    Arbitrary<long[]> seen = Arbitraries.longs().array(long[].class).ofSize(Priority.COUNT);
    Arbitrary<long[][]> counts = seen.array(long[][].class).ofSize(Outcome.COUNT);
    Arbitrary<RoaringBitmap> offsets =
        Arbitraries.integers()
            .between(0, 200_000)
            .array(int[].class)
            .ofMaxSize(30)
            .map(RoaringBitmap::bitmapOf);
    Arbitrary<Map<Outcome, RoaringBitmap>> rejected =
        Arbitraries.maps(Arbitraries.of(Outcome.class), offsets)
            .map(
                map -> {
                  Map<Outcome, RoaringBitmap> sorted = new EnumMap<>(Outcome.class);
                  sorted.putAll(map);
                  return sorted;
                });
    Arbitrary<String> lanes = Arbitraries.of("all", "express", "bulk");
    return Combinators.combine(
            Arbitraries.longs(), Arbitraries.longs(), lanes, seen, counts, rejected)
        .as(
            (from, to, lane, seenCounts, rejectedCounts, offsetsPerOutcome) ->
                new LedgerEntry(
                    "iot.events",
                    3,
                    from,
                    to,
                    lane,
                    seenCounts,
                    rejectedCounts,
                    offsetsPerOutcome,
                    new Terms(from, new double[] {1, 0.5, 0.25, 0}, to)));
  }
}
