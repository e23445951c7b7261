package io.spillway.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManySubtasksTest {
  @ParameterizedTest
  @CsvSource({"1, 0", "50, 0", "50, 0.5"})
  void workersAreBusyAndSubtasksGetTheSameAtFiveTimesTheCapacity(int subtasks, double skew) {
    ManySubtasks.Outcome outcome = new ManySubtasks(subtasks, 5, skew, 1).run(5);
    assertThat(outcome.goodput()).isCloseTo(1, within(0.02));
    assertThat(outcome.fairness()).isCloseTo(1, within(0.02));
    assertThat(outcome.criticalDone()).isCloseTo(1, within(0.05));
  }

  @Test
  void belowTheCapacityAllIsProcessed() {
    ManySubtasks.Outcome outcome = new ManySubtasks(20, 0.8, 0, 1).run(5);
    assertThat(outcome.goodput()).isCloseTo(0.8, within(0.02));
    assertThat(outcome.outOfOrder()).isCloseTo(0, within(0.01));
  }

  @Test
  void unevenPartitionsCostOrderBetweenSubtasks() {
    double even = new ManySubtasks(50, 5, 0, 1).run(5).outOfOrder();
    double uneven = new ManySubtasks(50, 5, 0.5, 1).run(5).outOfOrder();
    assertThat(even).as("the floors").isBetween(0.02, 0.06);
    assertThat(uneven).isGreaterThan(2 * even);
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(new ManySubtasks(5, 2, 0.3, 7).run(2))
        .isEqualTo(new ManySubtasks(5, 2, 0.3, 7).run(2));
  }

  @Test
  void sharesAreMaxMinFair() {
    assertThat(ManySubtasks.maxMin(new double[] {1, 10, 4}, 9)).containsExactly(1, 4, 4);
    assertThat(ManySubtasks.maxMin(new double[] {1, 10, 2}, 9)).containsExactly(1, 6, 2);
    assertThat(ManySubtasks.maxMin(new double[] {1, 2}, 9)).containsExactly(1, 2);
    assertThat(ManySubtasks.maxMin(new double[] {5, 5}, 0)).containsExactly(0, 0);
  }
}
