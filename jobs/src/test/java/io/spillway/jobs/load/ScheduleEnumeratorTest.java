package io.spillway.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.jobs.FakeEnumeratorContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class ScheduleEnumeratorTest {
  private final ManualClock clock = new ManualClock(TimeUnit.MILLISECONDS.toNanos(5_000));
  private final FakeEnumeratorContext<ScheduleSplit> readers = new FakeEnumeratorContext<>(2);

  @Test
  void nobodyStartsBeforeEverybodyIsThere() {
    ScheduleEnumerator enumerator = enumerator(0);

    readers.register(0);
    enumerator.addReader(0);
    assertThat(readers.assigned()).isEmpty();

    clock.advanceTime(3, TimeUnit.SECONDS);
    readers.register(1);
    enumerator.addReader(1);
    assertThat(readers.assigned())
        .containsEntry(0, List.of(new ScheduleSplit(0, 2, 8_000, 0)))
        .containsEntry(1, List.of(new ScheduleSplit(1, 2, 8_000, 0)));
    assertThat(readers.told()).containsExactlyInAnyOrder(0, 1);
    assertThat(enumerator.snapshotState(1)).isEmpty();
  }

  @Test
  void aGivenStartIsKept() {
    ScheduleEnumerator enumerator = enumerator(123_456);
    readers.register(0);
    readers.register(1);
    enumerator.addReader(1);
    assertThat(readers.assigned().get(0))
        .extracting(ScheduleSplit::startMillis)
        .containsOnly(123_456L);
  }

  @Test
  void aSplitThatComesBackGoesOutAgainFromWhereItWas() {
    ScheduleEnumerator enumerator = enumerator(0);
    readers.register(0);
    readers.register(1);
    enumerator.addReader(1);
    readers.assigned().clear();
    ScheduleSplit back = new ScheduleSplit(1, 2, 5_000, 77);

    enumerator.addSplitsBack(List.of(back), 1);
    assertThat(enumerator.snapshotState(2)).containsExactly(back);
    clock.advanceTime(9, TimeUnit.SECONDS);
    enumerator.addReader(1);

    assertThat(readers.assigned()).containsOnly(Map.entry(1, List.of(back)));
  }

  private ScheduleEnumerator enumerator(long startMillis) {
    return new ScheduleEnumerator(
        readers,
        List.of(new ScheduleSplit(0, 2, startMillis, 0), new ScheduleSplit(1, 2, startMillis, 0)),
        clock);
  }
}
