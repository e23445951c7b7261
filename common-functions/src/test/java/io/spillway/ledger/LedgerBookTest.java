package io.spillway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spillway.admission.Outcome;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerBookTest {
  private static final Terms TERMS = terms(1.0);

  @Property
  void everyRejectedOffsetIsInExactlyOneEntryAndNoAdmittedOneIsInAny(
      @ForAll @Size(max = 300) List<Outcome> outcomes, @ForAll @Size(max = 20) List<Byte> closes) {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    Map<String, Outcome> expected = new HashMap<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (closes.contains((byte) (i % 128))) {
        book.close(TERMS, entries::add);
      }
      int partition = i % 3;
      book.record(event("t", partition, 1_000_000_000_000L + i), Priority.BULK, outcomes.get(i));
      if (outcomes.get(i) != Outcome.ADMIT) {
        expected.put(partition + "@" + (1_000_000_000_000L + i), outcomes.get(i));
      }
    }
    book.close(TERMS, entries::add);

    Map<String, Outcome> found = new HashMap<>();
    long seen = 0;
    for (LedgerEntry entry : entries) {
      seen += entry.seen()[Priority.BULK.ordinal()];
      entry
          .rejected()
          .forEach(
              (outcome, offsets) ->
                  offsets.forEach(
                      (int offset) ->
                          assertThat(
                                  found.put(
                                      entry.partition() + "@" + (entry.fromOffset() + offset),
                                      outcome))
                              .isNull()));
    }
    assertThat(found).isEqualTo(expected);
    assertThat(seen).isEqualTo(outcomes.size());
  }

  @Test
  void rangesOfAPartitionDoNotOverlap() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.record(event("t", 0, 9), Priority.HIGH, Outcome.SHED);
    book.close(TERMS, entries::add);
    book.record(event("t", 0, 10), Priority.HIGH, Outcome.SHED);
    book.close(TERMS, entries::add);
    assertThat(entries)
        .extracting(LedgerEntry::fromOffset, LedgerEntry::toOffset)
        .containsExactly(tuple(5L, 9L), tuple(10L, 10L));
    assertThat(entries.get(0).rejectedCounts()[Outcome.SHED.ordinal()][Priority.HIGH.ordinal()])
        .isEqualTo(1);
  }

  @Test
  void nothingRecordedIsNoEntry() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.close(TERMS, entries::add);
    book.close(TERMS, entries::add);
    assertThat(entries).hasSize(1);
  }

  @Test
  void aQuietRangeIsLeftOpenForTenClosesAndABusyOneForNone() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.closeUnlessQuiet(TERMS, entries::add);
    for (int i = 0; i < 9; i++) {
      book.record(event("t", 0, i), Priority.BULK, Outcome.ADMIT);
      book.closeUnlessQuiet(TERMS, entries::add);
    }
    assertThat(entries).isEmpty();
    book.record(event("t", 1, 7), Priority.BULK, Outcome.DEFERRED);
    book.closeUnlessQuiet(TERMS, entries::add);
    assertThat(entries)
        .extracting(LedgerEntry::partition, LedgerEntry::fromOffset, LedgerEntry::toOffset)
        .containsExactly(tuple(0, 0L, 8L), tuple(1, 7L, 7L));
  }

  @Test
  void aRangeInWhichTheTermsChangedIsNotQuiet() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.closeUnlessQuiet(TERMS, entries::add);
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.closeUnlessQuiet(terms(0.5), entries::add);
    assertThat(entries)
        .singleElement()
        .satisfies(entry -> assertThat(entry.terms().keep()).containsOnly(0.5));
  }

  @Test
  void aQuietRangeLeavesBeforeABarrier() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.closeUnlessQuiet(TERMS, entries::add);
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.close(TERMS, entries::add);
    assertThat(entries).hasSize(1);
  }

  @Test
  void whatIsPassedOverIsPartOfTheRangeAndNotSeen() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.passOver(event("t", 0, 6));
    book.close(TERMS, entries::add);
    assertThat(entries)
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.toOffset()).isEqualTo(6);
              assertThat(entry.seen()).containsExactly(0, 1, 0, 0);
            });
  }

  private static Terms terms(double keep) {
    double[] all = new double[Priority.COUNT];
    Arrays.fill(all, keep);
    return new Terms(0, all, 1_700_000_000_000L);
  }

  private static RawEvent event(String topic, int partition, long offset) {
    return new RawEvent(topic, partition, offset, 0, null, null, EventHeaders.empty());
  }
}
