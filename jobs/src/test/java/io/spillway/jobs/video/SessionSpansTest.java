package io.spillway.jobs.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.streaming.api.windowing.assigners.MergingWindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.junit.jupiter.api.Test;

class SessionSpansTest {
  private static final long GAP = 10;
  private static final long LONGEST = 50;

  @Test
  void joinsWhatIsNoGapApart() {
    assertThat(sessions(List.of(0, 9, 30))).containsExactly(window(0, 19), window(30, 40));
  }

  @Test
  void cutsASessionThatNeverEnds() {
    List<Integer> times = new ArrayList<>();
    for (int time = 0; time <= 110; time += 5) {
      times.add(time);
    }
    assertThat(sessions(times)).containsExactly(window(0, 60), window(55, 115), window(110, 120));
  }

  @Property(tries = 500)
  void neverIsLongerThanTheLimitAndNeverSmallerThanItsEvents(
      @ForAll @Size(max = 60) List<@IntRange(max = 300) Integer> times) {
    List<TimeWindow> sessions = sessions(times);
    assertThat(sessions)
        .allSatisfy(
            each -> assertThat(each.getEnd() - each.getStart()).isLessThanOrEqualTo(LONGEST + GAP));
    for (int time : times) {
      assertThat(sessions)
          .anySatisfy(
              each -> {
                assertThat(each.getStart()).isLessThanOrEqualTo(time);
                assertThat(each.getEnd()).isGreaterThanOrEqualTo(time + GAP);
              });
    }
  }

  @Property(tries = 300)
  void areWhatFlinksOwnAreWhereNoneIsCut(
      @ForAll @Size(max = 20) List<@IntRange(max = 40) Integer> times) {
    Set<TimeWindow> flinks = new HashSet<>();
    times.forEach(time -> flinks.add(window(time, time + GAP)));
    TimeWindow.mergeWindows(
        Set.copyOf(flinks),
        new MergingWindowAssigner.MergeCallback<>() {
          @Override
          public void merge(Collection<TimeWindow> merged, TimeWindow all) {
            flinks.removeAll(merged);
            flinks.add(all);
          }
        });
    assertThat(sessions(times)).containsExactlyInAnyOrderElementsOf(flinks);
  }

  /** As Flink's window operator would: one event after the other into what is open. */
  private static List<TimeWindow> sessions(List<Integer> times) {
    SessionSpans spans = new SessionSpans(GAP, LONGEST, 0);
    List<TimeWindow> open = new ArrayList<>();
    for (int time : times) {
      for (TimeWindow window : spans.assignWindows(null, time, null)) {
        if (!open.contains(window)) {
          open.add(window);
        }
      }
      spans.mergeWindows(
          List.copyOf(open),
          new MergingWindowAssigner.MergeCallback<>() {
            @Override
            public void merge(Collection<TimeWindow> merged, TimeWindow all) {
              open.removeAll(merged);
              open.add(all);
            }
          });
    }
    return open;
  }

  private static TimeWindow window(long start, long end) {
    return new TimeWindow(start, end);
  }
}
