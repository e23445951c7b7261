package io.spillway.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OpenSpansTest {
  private final List<String> closed = new ArrayList<>();

  private OpenSpans<String, List<Long>> spans(boolean sessions) {
    return new OpenSpans<>(
        new TimeSpans(10, sessions),
        ArrayList::new,
        (one, other) -> {
          one.addAll(other);
          return one;
        });
  }

  private void closed(String key, long from, long to, List<Long> times) {
    closed.add(key + " " + from + "-" + to + " " + times.stream().sorted().toList());
  }

  private static void add(OpenSpans<String, List<Long>> open, String key, long time) {
    open.at(key, time).add(time);
  }

  @Example
  void handsOverWhatHasEndedAndKeepsTheRestOfTheSameKey() {
    OpenSpans<String, List<Long>> open = spans(false);
    for (long time : new long[] {5, 25, 15, 7, 35}) {
      add(open, "a", time);
    }
    add(open, "b", 18);
    open.close(29, this::closed);
    assertThat(closed)
        .containsExactlyInAnyOrder("a 0-10 [5, 7]", "a 20-30 [25]", "a 10-20 [15]", "b 10-20 [18]");
    assertThat(open.size()).isEqualTo(1);
    closed.clear();
    add(open, "a", 36);
    open.close(39, this::closed);
    assertThat(closed).containsExactly("a 30-40 [35, 36]");
    assertThat(open.size()).isZero();
  }

  @Example
  void handsOverNothingBeforeItsEnd() {
    OpenSpans<String, List<Long>> open = spans(false);
    add(open, "a", 5);
    open.close(8, this::closed);
    assertThat(closed).isEmpty();
    open.close(9, this::closed);
    assertThat(closed).containsExactly("a 0-10 [5]");
  }

  /** Somebody else's session that ends at 15 is part of this one, and must learn so in time. */
  @Example
  void aSessionIsDueWhenTheWatermarkComesToItsBeginning() {
    OpenSpans<String, List<Long>> open = spans(true);
    add(open, "a", 15);
    add(open, "a", 20);
    add(open, "b", 16);
    open.close(13, this::closed);
    assertThat(closed).isEmpty();
    open.close(14, this::closed);
    assertThat(closed).containsExactly("a 15-30 [15, 20]");
    assertThat(open.size()).isEqualTo(1);
  }

  @Example
  void startsAnewAfterEverythingWasHandedOver() {
    OpenSpans<String, List<Long>> open = spans(false);
    add(open, "a", 5);
    add(open, "a", 105);
    open.closeAll(this::closed);
    assertThat(closed).containsExactlyInAnyOrder("a 0-10 [5]", "a 100-110 [105]");
    assertThat(open.size()).isZero();
    closed.clear();
    add(open, "a", 6);
    open.close(9, this::closed);
    assertThat(closed).containsExactly("a 0-10 [6]");
  }

  /** Sorted, the times of a session are no more than the gap apart; two sessions are more. */
  @Property(tries = 500)
  void sessionsAreTheSameInWhateverOrderTheirEventsCome(
      @ForAll @Size(max = 40) List<@IntRange(max = 400) Integer> times) {
    OpenSpans<String, List<Long>> open = spans(true);
    TreeMap<Long, List<Long>> expected = new TreeMap<>();
    times.forEach(time -> add(open, "a", time));
    times.stream()
        .sorted()
        .map(Integer::longValue)
        .forEach(
            time -> {
              var last = expected.lastEntry();
              if (last == null || time - last.getValue().get(last.getValue().size() - 1) > 10) {
                last = Map.entry(time, new ArrayList<>());
                expected.put(time, last.getValue());
              }
              last.getValue().add(time);
            });
    assertThat(open.size()).isEqualTo(expected.size());
    closed.clear();
    open.closeAll(this::closed);
    List<String> sessions = new ArrayList<>();
    expected.forEach(
        (from, all) ->
            sessions.add("a " + from + "-" + (all.get(all.size() - 1) + 10) + " " + all));
    assertThat(closed).containsExactlyInAnyOrderElementsOf(sessions);
  }

  /** The distance of these two is more than a long can say. */
  @Example
  void timesAtBothEndsAreOfPanesOfTheirOwn() {
    OpenSpans<String, List<Long>> open = spans(false);
    long late = Long.MAX_VALUE - 20;
    add(open, "a", -1_000);
    add(open, "a", late);

    assertThat(open.at("a", -1_000)).containsExactly(-1_000L);
    assertThat(open.at("a", late)).containsExactly(late);
    assertThat(open.size()).isEqualTo(2);
  }
}
