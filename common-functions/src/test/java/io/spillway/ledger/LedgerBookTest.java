package io.spillway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.Outcome;
import io.spillway.event.EventHeaders;
import io.spillway.event.RawEvent;
import io.spillway.priority.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerBookTest {

  @Property
  void everyRejectedOffsetIsInExactlyOneEntryAndNoAdmittedOneIsInAny(
      @ForAll @Size(max = 300) List<Outcome> outcomes, @ForAll @Size(max = 20) List<Byte> closes) {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    Map<String, Outcome> expected = new HashMap<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (closes.contains((byte) (i % 128))) {
        book.close(entries::add);
      }
      int partition = i % 3;
      book.record(event("t", partition, 1_000_000_000_000L + i), Priority.BULK, outcomes.get(i));
      if (outcomes.get(i) != Outcome.ADMIT) {
        expected.put(partition + "@" + (1_000_000_000_000L + i), outcomes.get(i));
      }
    }
    book.close(entries::add);

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
    book.close(entries::add);
    book.record(event("t", 0, 10), Priority.HIGH, Outcome.SHED);
    book.close(entries::add);
    assertThat(entries)
        .extracting(LedgerEntry::fromOffset, LedgerEntry::toOffset)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(5L, 9L),
            org.assertj.core.groups.Tuple.tuple(10L, 10L));
    assertThat(entries.get(0).rejectedCounts()[Outcome.SHED.ordinal()][Priority.HIGH.ordinal()])
        .isEqualTo(1);
  }

  @Test
  void nothingRecordedIsNoEntry() {
    LedgerBook book = new LedgerBook("all");
    List<LedgerEntry> entries = new ArrayList<>();
    book.record(event("t", 0, 5), Priority.HIGH, Outcome.ADMIT);
    book.close(entries::add);
    book.close(entries::add);
    assertThat(entries).hasSize(1);
  }

  private static RawEvent event(String topic, int partition, long offset) {
    return new RawEvent(topic, partition, offset, 0, null, null, EventHeaders.empty());
  }
}
