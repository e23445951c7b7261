package io.spillway.benchmarks.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what is known in closed form, for one worker, where nothing is dealt in turns. */
class WorkerQueueTest {
  private static final double WORK = 4;
  private static final int EVENTS = 200_000;

  /** Cobham: what is left of the event in work, over what CRITICAL leaves of the worker. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 0.5, 0.8})
  void meanWaitBehindWorkersThatAreAlwaysBusy(double critical) {
    WorkerQueue queue = new WorkerQueue(1, WORK, critical * 250, Double.POSITIVE_INFINITY);
    double expected = WORK / 2 / (1 - critical);
    assertThat(mean(queue)).isCloseTo(expected, within(0.03 * expected));
  }

  @ParameterizedTest
  @CsvSource({"0.025, 0.475", "0.1, 0.6", "0.5, 0.3"})
  void meanWaitWhereOthersComeAtRandomToo(double critical, double others) {
    WorkerQueue queue = new WorkerQueue(1, WORK, critical * 250, others * 250);
    double expected = (critical + others) * WORK / 2 / (1 - critical);
    assertThat(mean(queue)).isCloseTo(expected, within(0.05 * expected));
  }

  @Test
  void aSingleEventWaitsForWhatIsLeftOfAnother() {
    WorkerQueue queue = new WorkerQueue(2, WORK, 0.1, Double.POSITIVE_INFINITY);
    assertThat(queue.p99Millis(1)).isBetween(0.98 * WORK, WORK);
  }

  @Test
  void whatIsDealtInTurnsWaitsLess() {
    WorkerQueue dealt = new WorkerQueue(2, WORK, 250, Double.POSITIVE_INFINITY);
    WorkerQueue random = new WorkerQueue(1, WORK, 125, Double.POSITIVE_INFINITY);
    assertThat(mean(dealt)).isLessThan(0.95 * mean(random));
    assertThat(dealt.p99Millis(1)).isLessThan(0.95 * random.p99Millis(1));
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    WorkerQueue queue = new WorkerQueue(2, WORK, 250, 100);
    assertThat(queue.p99Millis(1)).isEqualTo(queue.p99Millis(1)).isNotEqualTo(queue.p99Millis(2));
  }

  private static double mean(WorkerQueue queue) {
    return Arrays.stream(queue.waitsMillis(EVENTS, 1)).average().orElseThrow();
  }
}
