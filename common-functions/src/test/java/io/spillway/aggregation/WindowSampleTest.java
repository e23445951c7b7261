package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Strata;
import io.spillway.admission.UnitHash;
import io.spillway.priority.Priority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.datasketches.hll.HllSketch;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

class WindowSampleTest {
  /**
   * State as the version before whole units wrote it: 40 events of NORMAL with the values 10 to 49
   * and the weight 4, 120 more not admitted, one of CRITICAL with the value 100, 40 of BULK not
   * admitted.
   */
  private static final String FORMAT_1 =
      "AQAAAAAAAAAAAwAAAAAAAAAAAQAAAAAAAAAAP/AAAAAAAABAWQAAAAAAAD/wAAAAAAAAIgAAAAAAAAAoQF4AAA"
          + "AAAABARAAAAAAAAEAkAAAAAAAAQGQAAAAAAABAqGAAAAAAAED0DwAAAAAAQUKRIAAAAABAhAAAAAAAAEDIYAAA"
          + "AAAAQRQPAAAAAABBYpEgAAAAAECkAAAAAAAAQOhgAAAAAABBNA8AAAAAAEGCkSAAAAAAAAABaAUBDwDIAAgAKA"
          + "AAAAAAAADIAAEAoAAAAAAAAAAAACRAAAAAAACASEAAAAAAAIBIQAAAAAAAAEhAAAAAAACAR0AAAAAAAABHQAAA"
          + "AAAAgEZAAAAAAAAARkAAAAAAAIBFQAAAAAAAAEVAAAAAAACAREAAAAAAAABEQAAAAAAAgENAAAAAAAAAQ0AAAA"
          + "AAAIBCQAAAAAAAAEJAAAAAAACAQUAAAAAAAABBQAAAAAAAgEBAAAAAAAAAQEAAAAAAAAA/QAAAAAAAAD5AAAAA"
          + "AAAAPUAAAAAAAAA8QAAAAAAAADtAAAAAAAAAOkAAAAAAAAA5QAAAAAAAADhAAAAAAAAAN0AAAAAAAAA2QAAAAA"
          + "AAADVAAAAAAAAANEAAAAAAAAAzQAAAAAAAADJAAAAAAAAAMUAAAAAAAAAwQAAAAAAAAC5AAAAAAAAALEAAAAAA"
          + "AAAqQAAAAAAAAChAAAAAAAAAJkAAAAAAAAAkQDcAAAAAAAAAAEBEAAAAAAAAAUAkAAAAAAAAQFkAAAAAAAAAAA"
          + "AYAgEHDAMIBACWhY8FMSKzBkm52AQD/UoG";

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c"),
            Arbitraries.doubles().between(-1e3, 1e3),
            Arbitraries.doubles().between(1, 100),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(Priority.class),
            Arbitraries.of(true, true, true, false),
            Arbitraries.oneOf(
                Arbitraries.longs().greaterOrEqual(0), Arbitraries.just(UnitHash.ALONE)))
        .as(
            (key, value, weight, rate, priority, attributed, unit) ->
                new Event(key, value, weight * rate, rate, priority, attributed, unit))
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 300)
  void partsMayBeMadeAnywhereAndMergedInAnyOrder(
      @ForAll("events") List<Event> events, @ForAll long seed) {
    Random random = new Random(seed);
    List<WindowSample> parts = new ArrayList<>();
    for (Event event : events) {
      if (parts.isEmpty() || random.nextInt(3) == 0) {
        parts.add(new WindowSample());
        parts.get(parts.size() - 1).addNotAdmitted(Strata.of(Priority.BULK, 0.1), 3);
      }
      parts.get(parts.size() - 1).add(event);
    }
    WindowSample whole = new WindowSample();
    events.forEach(whole::add);
    if (!parts.isEmpty()) {
      whole.addNotAdmitted(Strata.of(Priority.BULK, 0.1), 3.0 * parts.size());
    }
    Collections.shuffle(parts, random);
    WindowSample merged =
        parts.stream().reduce(WindowSample::mergedWith).orElseGet(WindowSample::new);
    assertSame(WindowEstimate.of(0, 10, merged), WindowEstimate.of(0, 10, whole));
  }

  @Property(tries = 300)
  void comesOutOfStateAndNetworkAsItWentIn(
      @ForAll("events") List<Event> events, @ForAll boolean known) throws IOException {
    WindowSample sample = new WindowSample();
    events.forEach(sample::add);
    if (known) {
      sample.addNotAdmitted(Strata.COUNT - 1, 1e12);
    }
    WindowSample read = throughTheNetwork(sample);
    assertThat(WindowEstimate.of(0, 10, read)).isEqualTo(WindowEstimate.of(0, 10, sample));
    assertThat(WindowEstimate.of(0, 10, WindowSampleSerializer.INSTANCE.copy(sample)))
        .isEqualTo(WindowEstimate.of(0, 10, sample));
  }

  /** Whether it is there as text, in a sketch, or in one made of a text, must not show. */
  @Property(tries = 200)
  void countsKeysAlikeInEveryFormThatStateHas(@ForAll("keys") List<String> keys)
      throws IOException {
    WindowSample merged = new WindowSample();
    WindowSample readEachTime = new WindowSample();
    HllSketch sketch = new HllSketch(12);
    for (String key : keys) {
      WindowSample one = new WindowSample();
      one.add(Event.of(key, 1, 1));
      merged.mergedWith(one);
      readEachTime = throughTheNetwork(readEachTime).mergedWith(throughTheNetwork(one));
      sketch.update(key);
    }
    assertThat(WindowEstimate.of(0, 10, merged).distinctKeys())
        .isCloseTo(sketch.getEstimate(), within(1e-9));
    assertThat(WindowEstimate.of(0, 10, readEachTime)).isEqualTo(WindowEstimate.of(0, 10, merged));
  }

  @Provide
  Arbitrary<List<String>> keys() {
    return Arbitraries.of("", "a", "b", "\u00e9\ud83d\ude00", "long".repeat(1_000))
        .list()
        .ofMaxSize(5);
  }

  @Example
  void aSingleEventIsHardlyMoreThanItsNumbersAndItsKey() throws IOException {
    WindowSample sample = new WindowSample();
    sample.add(Event.of("sensor-123", 7, 1));
    assertThat(bytes(sample)).isLessThan(40);
  }

  @Example
  void aKeyOfAnyLengthCostsNoMoreThanItsSketch() throws IOException {
    WindowSample sample = new WindowSample();
    sample.add(Event.of("long".repeat(100_000), 7, 1));
    assertThat(bytes(sample)).isLessThan(200);
  }

  @Example
  void aCopyIsNotChangedByWhatIsAddedToTheOriginal() {
    WindowSample sample = new WindowSample();
    sample.add(Event.of(1, 1));
    WindowSample copy = WindowSampleSerializer.INSTANCE.copy(sample);
    sample.add(Event.of(2, 1));
    assertThat(WindowEstimate.of(0, 10, copy).kept()).isEqualTo(1);
  }

  @Example
  void staysSmallHoweverManyEventsItHasSeen() throws IOException {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 1_000_000; i++) {
      sample.add(Event.of("key-" + i, i, 2));
    }
    DataOutputSerializer bytes = new DataOutputSerializer(64);
    WindowSampleSerializer.INSTANCE.serialize(sample, bytes);
    assertThat(bytes.length()).isLessThan(8_000);
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.distinctKeys()).isCloseTo(1e6, within(0.05e6));
    assertThat(estimate.quantiles().p95()).isCloseTo(0.95e6, within(0.02e6));
    assertThat(estimate.quantiles().rankError()).isBetween(0.013, 0.016);
  }

  @Example
  void readsStateFromBeforeThereWereUnitsAndTotalsOfWhatWasKept() throws IOException {
    byte[] bytes = Base64.getDecoder().decode(FORMAT_1);
    WindowSample sample =
        WindowSampleSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes));
    WindowEstimate estimate = WindowEstimate.of(0, 10, sample);
    assertThat(estimate.kept()).isEqualTo(41);
    assertThat(estimate.count()).isEqualTo(201);
    assertThat(estimate.sum())
        .isEqualTo(new Estimated(6_000, 5331.185285492879, 6668.814714507121));
    assertThat(estimate.quantiles().rankError()).isEqualTo(0.1379034120523018);
    assertThat(bytes(sample)).as("grows by hardly anything").isLessThan(bytes.length + 16);
    sample.add(Event.of("another", 10, 4));
    assertThat(WindowEstimate.of(0, 10, throughTheNetwork(sample)))
        .isEqualTo(WindowEstimate.of(0, 10, sample));
  }

  @Example
  void stateFromBeforeThereWereUnitsGoesOnWithUnits() throws IOException {
    WindowSample sample =
        WindowSampleSerializer.INSTANCE.deserialize(
            new DataInputDeserializer(Base64.getDecoder().decode(FORMAT_1)));
    for (int unit = 0; unit < 20; unit++) {
      sample.add(Event.ofUnit(unit, 10 + unit, 4));
      sample.add(Event.ofUnit(unit, 10 + unit, 4));
    }
    sample.addNotAdmitted(Strata.of(Priority.NORMAL, 0.25), 120);
    WindowEstimate estimate = WindowEstimate.of(0, 10, throughTheNetwork(sample));
    assertThat(estimate.units()).isBetween(58.0, 66.0);
    assertThat(estimate.sum().high() - estimate.sum().low()).isGreaterThan(1_338);
    assertThat(estimate).isEqualTo(WindowEstimate.of(0, 10, sample));
  }

  @Example
  void aMillionKeysCostNoMoreThanTheirGroups() throws IOException {
    WindowSample alone = new WindowSample();
    WindowSample inUnits = new WindowSample();
    for (int i = 0; i < 1_000_000; i++) {
      alone.add(Event.of(i, 2));
      inUnits.add(Event.ofUnit(i, i, 2));
    }
    assertThat(bytes(inUnits) - bytes(alone)).isLessThan(UnitGroups.COUNT * 16 + 100);
  }

  @Example
  void refusesAFormatOfALaterVersion() {
    assertThatThrownBy(
            () ->
                WindowSampleSerializer.INSTANCE.deserialize(
                    new DataInputDeserializer(new byte[] {4})))
        .hasMessage("window sample of format 4, this version knows 1 to 3");
  }

  private static int bytes(WindowSample sample) throws IOException {
    DataOutputSerializer bytes = new DataOutputSerializer(64);
    WindowSampleSerializer.INSTANCE.serialize(sample, bytes);
    return bytes.length();
  }

  @Example
  void refusesWhatWouldPoisonEveryLaterSum() {
    WindowSample sample = new WindowSample();
    for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> sample.add(Event.of(value, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be finite");
    }
    for (double weight : new double[] {Double.NaN, 0.5, 0, -1, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> sample.add(Event.of(1, weight)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("weight");
    }
    assertThat(WindowEstimate.of(0, 10, sample).kept()).isZero();
  }

  @Example
  void readsAStateOfTheFirstFormat() throws IOException {
    WindowSample sample =
        WindowSample.ofText(
            "AQAAAAAAAAAAASMAAAAAAAAAAUAcAAAAAAAAP/AAAAAAAABARQAAAAAAAEAgAAAAAAAAAA==");
    assertThat(sample.kept()).isEqualTo(1);
    assertThat(sample.keptSum()).isEqualTo(42);
    assertThat(sample.events()).isEqualTo(8);
  }

  @Property(tries = 100)
  void readsItsOwnText(@ForAll("events") List<Event> events) throws IOException {
    WindowSample sample = new WindowSample();
    events.forEach(sample::add);
    WindowSample read = WindowSample.ofText(sample.text());
    assertSame(WindowEstimate.of(0, 10, read), WindowEstimate.of(0, 10, sample));
  }

  @Example
  void refusesATextThatIsNoSample() {
    for (String text : new String[] {"", "no base64!", "AAAA", "AgAA"}) {
      assertThatThrownBy(() -> WindowSample.ofText(text)).isInstanceOf(IOException.class);
    }
  }

  private static WindowSample throughTheNetwork(WindowSample sample) throws IOException {
    DataOutputSerializer written = new DataOutputSerializer(64);
    WindowSampleSerializer.INSTANCE.serialize(sample, written);
    DataOutputSerializer copied = new DataOutputSerializer(64);
    WindowSampleSerializer.INSTANCE.copy(
        new DataInputDeserializer(written.getCopyOfBuffer()), copied);
    DataInputDeserializer input = new DataInputDeserializer(copied.getCopyOfBuffer());
    WindowSample read = WindowSampleSerializer.INSTANCE.deserialize(input);
    assertThat(input.available()).isZero();
    return read;
  }

  private static void assertSame(WindowEstimate actual, WindowEstimate expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .ignoringFields("sample")
        .withComparatorForType((a, b) -> close(a, b) ? 0 : Double.compare(a, b), Double.class)
        .isEqualTo(expected);
  }

  private static boolean close(double a, double b) {
    return a == b
        || Double.isNaN(a) && Double.isNaN(b)
        || Math.abs(a - b) <= 1e-7 * (1e3 + Math.abs(a) + Math.abs(b));
  }
}
