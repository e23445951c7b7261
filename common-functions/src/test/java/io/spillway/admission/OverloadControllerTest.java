package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The controller's laws on a simulated stage with a capacity of 1,000 events/s, 20 ms ticks. */
class OverloadControllerTest {
  private static final double CAPACITY = 1000;
  private static final int UNSEEN = 60;
  private static final double[] MIX = {0.05, 0.15, 0.40, 0.40};

  @Test
  void shedsNothingBelowCapacity() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 1);
    run(stage, 500, CAPACITY, 0.9);
    assertThat(stage.admitted).containsExactly(stage.produced);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.4, 2, 5, 10, 12})
  void settlesWithinTenTicksOfAStep(double factor) {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 2);
    run(stage, 250, CAPACITY, 0.5);
    run(stage, 25, CAPACITY, factor);
    double[] settled = keeps(stage);
    SimulatedStage again = new SimulatedStage(AdmissionOptions.defaults(), 2);
    run(again, 250, CAPACITY, 0.5);
    // The lane has to fill before anything can be known of the capacity.
    while (again.fill() < 0.25) {
      run(again, 1, CAPACITY, factor);
    }
    run(again, 10, CAPACITY, factor);
    for (int window = 0; window < 20; window++) {
      double before = again.processed;
      run(again, 10, CAPACITY, factor);
      assertThat(again.processed - before)
          .as("goodput in window %d", window)
          .isGreaterThan(0.95 * CAPACITY * 10 * SimulatedStage.TICK_SECONDS);
      assertThat(again.fill()).as("fill in window %d", window).isLessThan(0.65);
    }
    assertThat(settled[0]).isEqualTo(1.0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.4, 2, 5, 10})
  void shedsStrictlyInOrderOfPriorityAndKeepsFloors(double factor) {
    AdmissionOptions options = AdmissionOptions.defaults();
    SimulatedStage stage = new SimulatedStage(options, 3);
    run(stage, 100, CAPACITY, 0.5);
    run(stage, 100, CAPACITY, factor);
    for (int i = 0; i < 500; i++) {
      run(stage, 1, CAPACITY, factor);
      double[] keep = keeps(stage);
      assertThat(keep[0]).isEqualTo(1.0);
      for (int p = 1; p < 3; p++) {
        if (keep[p] < 0.9) {
          double floor =
              options.floors().get(Priority.of(p + 1)) * stage.controller.capacity() * 1.5;
          assertThat(keep[p + 1] * stage.controller.offered(Priority.of(p + 1)))
              .as("keep %s at tick %d", java.util.Arrays.toString(keep), i)
              .isLessThanOrEqualTo(floor + 1);
        }
      }
      assertThat(keep[3]).as("floor of bulk").isGreaterThan(0);
    }
  }

  @Test
  void keepsAFloorUnderAFloodOfEventsThatAreNeverShed() {
    AdmissionOptions options =
        AdmissionOptions.defaults().with(Map.of("admission.floor.bulk", "0.1"));
    SimulatedStage stage = new SimulatedStage(options, 6);
    run(stage, 100, CAPACITY, 0.5);
    for (int i = 0; i < 100; i++) {
      stage.tick(CAPACITY, 2 * CAPACITY, 0, 0, 2 * CAPACITY);
    }
    long before = stage.admitted[3];
    for (int i = 0; i < 500; i++) {
      stage.tick(CAPACITY, 2 * CAPACITY, 0, 0, 2 * CAPACITY);
    }
    assertThat((stage.admitted[3] - before) / (500 * SimulatedStage.TICK_SECONDS))
        .isBetween(0.095 * CAPACITY, 0.115 * CAPACITY);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.4, 10})
  void givesBackWithinHalfASecondAndDoesNotFlap(double factor) {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 4);
    run(stage, 100, CAPACITY, 0.5);
    run(stage, 250, CAPACITY, factor);
    run(stage, 50, CAPACITY, 0.5);
    long produced = stage.produced[3];
    long admitted = stage.admitted[3];
    run(stage, 500, CAPACITY, 0.5);
    assertThat(stage.admitted[3] - admitted).isEqualTo(stage.produced[3] - produced);
    assertThat(keeps(stage)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void followsACapacityThatHalvesAndComesBack() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 5);
    run(stage, 200, CAPACITY, 2);
    assertThat(stage.controller.capacity()).isBetween(0.9 * CAPACITY, 1.1 * CAPACITY);
    run(stage, 50, CAPACITY / 2, 2);
    assertThat(stage.controller.capacity()).isBetween(0.4 * CAPACITY, 0.6 * CAPACITY);
    run(stage, 100, CAPACITY, 2);
    assertThat(stage.controller.capacity()).isBetween(0.85 * CAPACITY, 1.15 * CAPACITY);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.8, 0.95})
  void isNotLedToBelieveInMoreCapacityByTheNoiseOfACalm(double factor) {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 11, UNSEEN);
    run(stage, 100, CAPACITY, 2);
    run(stage, 1_500, CAPACITY, factor);
    assertThat(stage.controller.capacity()).isBetween(0.95 * CAPACITY, 1.1 * CAPACITY);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.4, 5, 10})
  void knowsTheCapacityToAFewPercentAsLongAsItSheds(double factor) {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 12, UNSEEN);
    run(stage, 100, CAPACITY, factor);
    double squares = 0;
    for (int i = 0; i < 500; i++) {
      run(stage, 1, CAPACITY, factor);
      squares += Math.pow(stage.controller.capacity() / CAPACITY - 1, 2);
    }
    assertThat(Math.sqrt(squares / 500)).as("error of the capacity").isLessThan(0.06);
  }

  @Test
  void learnsInACalmThatTheWorkersHaveBecomeFaster() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 13, UNSEEN);
    run(stage, 200, CAPACITY / 2, 2);
    run(stage, 200, CAPACITY, 0.2);
    run(stage, 200, CAPACITY, 0.9);
    assertThat(stage.controller.capacity()).isBetween(0.8 * CAPACITY, 1.1 * CAPACITY);
    assertThat(keeps(stage)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void movesCapacityUpWhenTheMixTurnsToImportantEvents() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 6);
    run(stage, 200, CAPACITY, 2);
    long[] before = stage.admitted.clone();
    for (int i = 0; i < 250; i++) {
      stage.tick(CAPACITY, 800, 400, 400, 400);
    }
    double seconds = 250 * SimulatedStage.TICK_SECONDS;
    assertThat((stage.admitted[0] - before[0]) / seconds).isGreaterThan(750);
    assertThat((stage.admitted[3] - before[3]) / seconds).isLessThan(60);
  }

  @Test
  void theGateIsQuietOnceTheControllerHasSettled() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 7);
    run(stage, 100, CAPACITY, 0.5);
    run(stage, 100, CAPACITY, 5);
    long[] before = stage.refusedByGate.clone();
    long admittedBefore = stage.admitted[2];
    run(stage, 500, CAPACITY, 5);
    assertThat(stage.refusedByGate[2] - before[2])
        .isLessThan((stage.admitted[2] - admittedBefore) / 20);
    assertThat(stage.refusedByGate[1] - before[1]).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 50, 5_000})
  void admitsAgainAfterTheWorkersStoodStill(int ticks) {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 9);
    run(stage, ticks, 0, 2);
    stage.tick(1_000 * CAPACITY, 0, 0, 0, 0);
    run(stage, 250, CAPACITY, 0.5);
    assertThat(keeps(stage)).containsExactly(1, 1, 1, 1);
    // Only half of it is asked for, so no more of it can be known.
    assertThat(stage.controller.capacity()).isGreaterThan(0.4 * CAPACITY);
  }

  @Test
  void admitsAgainWhenNothingComesAfterTheWorkersStoodStill() {
    SimulatedStage stage = new SimulatedStage(AdmissionOptions.defaults(), 10);
    run(stage, 100, 0, 2);
    stage.tick(1_000 * CAPACITY, 0, 0, 0, 0);
    run(stage, 250, CAPACITY, 0);
    assertThat(keeps(stage)).containsExactly(1, 1, 1, 1);
  }

  @Test
  void keepsWhatItHasLearntWhenThePolicyChanges() {
    AdmissionOptions options = AdmissionOptions.defaults();
    SimulatedStage stage = new SimulatedStage(options, 8);
    run(stage, 300, CAPACITY, 5);
    double capacity = stage.controller.capacity();
    double[] keep = keeps(stage);
    long[] before = stage.admitted.clone();
    stage.controller.follow(options.with(Map.of("admission.floor.bulk", "0.3")));
    assertThat(stage.controller.capacity()).isEqualTo(capacity);
    assertThat(keeps(stage)).isEqualTo(keep);

    run(stage, 250, CAPACITY, 5);
    double seconds = 250 * SimulatedStage.TICK_SECONDS;
    assertThat((stage.admitted[3] - before[3]) / seconds)
        .isBetween(0.2 * CAPACITY, 0.35 * CAPACITY);
  }

  private static void run(SimulatedStage stage, int ticks, double capacity, double factor) {
    for (int i = 0; i < ticks; i++) {
      stage.tick(
          capacity,
          MIX[0] * factor * CAPACITY,
          MIX[1] * factor * CAPACITY,
          MIX[2] * factor * CAPACITY,
          MIX[3] * factor * CAPACITY);
    }
  }

  private static double[] keeps(SimulatedStage stage) {
    double[] keep = new double[Priority.COUNT];
    for (Priority priority : Priority.values()) {
      keep[priority.ordinal()] = stage.controller.keep(priority);
    }
    return keep;
  }
}
