package io.spillway.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Strata;
import io.spillway.priority.Priority;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WholeWindowTest {
  @Property(tries = 300)
  void theShortWaySaysWhatTheLongWaySays(@ForAll("whole") List<Event> events) {
    WindowSample sample = sampleOf(events);
    assertThat(WholeWindow.is(sample)).isTrue();
    assertThat(WholeWindow.of(0, 10, sample)).isEqualTo(WindowEstimate.estimated(0, 10, sample));
  }

  @Example
  void theShortWaySaysWhatTheLongWaySaysWhereSketchesForget() {
    WindowSample sample = new WindowSample();
    for (int i = 0; i < 10_000; i++) {
      sample.add(Event.of("key-" + i % 3_000, 0.1 * i, 1 + i % 2));
    }
    assertThat(WholeWindow.is(sample)).isTrue();
    assertThat(WholeWindow.of(0, 10, sample)).isEqualTo(WindowEstimate.estimated(0, 10, sample));
  }

  /** Each of them alone makes figures uncertain, or different from the plain ones. */
  @Example
  void isNotTakenWhereAnythingIsMissing() {
    WindowSample shed = sampleOf(List.of(Event.of(1, 2)));
    shed.addNotAdmitted(Strata.of(Priority.BULK, 1), 1);
    assertThat(WholeWindow.is(shed)).isFalse();
    assertThat(WholeWindow.is(sampleOf(List.of()))).isFalse();
    assertThat(WholeWindow.is(sampleOf(List.of(Event.ofUnit(1, 1, 1))))).isFalse();
    Event sampledBefore = new Event("a", 1, 4, 4, Priority.NORMAL, true);
    assertThat(WholeWindow.is(sampleOf(List.of(sampledBefore)))).isFalse();
    Event ofUnknownKey = new Event("a", 1, 1, 1, Priority.NORMAL, false);
    assertThat(WholeWindow.is(sampleOf(List.of(ofUnknownKey)))).isFalse();
  }

  /** Weights above 1 are whole too: a keep probability below 1 may turn nobody away. */
  @Provide
  Arbitrary<List<Event>> whole() {
    return Combinators.combine(
            Arbitraries.of("a", "b", ""),
            Arbitraries.doubles().between(-1e3, 1e3),
            Arbitraries.oneOf(Arbitraries.just(1.0), Arbitraries.doubles().between(1, 100)),
            Arbitraries.of(Priority.class))
        .as((key, value, weight, priority) -> new Event(key, value, weight, 1, priority, true))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private static WindowSample sampleOf(List<Event> events) {
    WindowSample sample = new WindowSample();
    events.forEach(sample::add);
    return sample;
  }
}
