package io.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.priority.Priority;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LaneGateTest {
  private final LaneGate gate = new LaneGate(AdmissionOptions.defaults().ceilings(), Map.of());

  @Property
  void whoeverMattersMoreEntersWhereOneThatMattersLessEnters(
      @ForAll @DoubleRange(max = 1.2) double fill, @ForAll @DoubleRange(max = 1.2) double above) {
    for (int p = 1; p < Priority.COUNT; p++) {
      if (gate.admits(Priority.of(p), fill, above)) {
        assertThat(gate.admits(Priority.of(p - 1), fill, above)).isTrue();
      }
    }
  }

  @Property
  void aFullerLaneNeverAdmitsMore(
      @ForAll @DoubleRange(max = 1.2) double fill,
      @ForAll @DoubleRange(max = 1.2) double above,
      @ForAll @DoubleRange(max = 0.5) double more) {
    for (Priority priority : Priority.values()) {
      if (gate.admits(priority, fill + more, above)) {
        assertThat(gate.admits(priority, fill, above)).isTrue();
      }
      if (gate.admits(priority, fill, above + more)) {
        assertThat(gate.admits(priority, fill, above)).isTrue();
      }
    }
  }

  @Test
  void criticalIsNeverRefused() {
    assertThat(gate.admits(Priority.CRITICAL, 1.5, 1.5)).isTrue();
  }

  @Test
  void lanesBelowAreShutWhileTheImportantLaneIsNearlyFull() {
    assertThat(gate.admits(Priority.HIGH, 0.0, LaneGate.YIELD_TO)).isFalse();
    assertThat(gate.admits(Priority.HIGH, 0.0, LaneGate.YIELD_TO - 0.01)).isTrue();
  }

  @Test
  void aPriorityWithAFloorKeepsARestOfItsCeilingWhateverIsAboveIt() {
    LaneGate withFloor =
        new LaneGate(AdmissionOptions.defaults().ceilings(), Map.of(Priority.BULK, 0.1));
    assertThat(withFloor.admits(Priority.BULK, 0.24, 1.5)).isTrue();
    assertThat(withFloor.admits(Priority.BULK, 0.25, 1.5)).isFalse();
    assertThat(withFloor.share(Priority.BULK, 0.275, 1.5)).isCloseTo(0.5, within(1e-9));
    assertThat(withFloor.admits(Priority.BULK, 0.49, 0)).isTrue();
    assertThat(withFloor.admits(Priority.NORMAL, 0.0, LaneGate.YIELD_TO)).isFalse();
  }

  @Test
  void bulkStopsAtItsCeiling() {
    assertThat(gate.admits(Priority.BULK, 0.49, 0)).isTrue();
    assertThat(gate.admits(Priority.BULK, 0.50, 0)).isFalse();
  }

  @Property
  void theShareIsOneWhereTheGateIsOpenAndFallsToZeroALittleAbove(
      @ForAll @DoubleRange(max = 1.2) double fill, @ForAll @DoubleRange(max = 1.2) double above) {
    for (Priority priority : Priority.values()) {
      double share = gate.share(priority, fill, above);
      assertThat(share).isBetween(0.0, 1.0);
      if (gate.admits(priority, fill, above)) {
        assertThat(share).isEqualTo(1);
      } else if (gate.admits(priority, fill - LaneGate.NARROWS_OVER, above)) {
        assertThat(gate.share(priority, fill + 0.01, above)).isLessThanOrEqualTo(share);
      } else {
        assertThat(share).isCloseTo(0, within(1e-9));
      }
    }
  }

  @Property
  void whoeverMattersMoreHasNoSmallerShare(
      @ForAll @DoubleRange(max = 1.2) double fill, @ForAll @DoubleRange(max = 1.2) double above) {
    for (int p = 1; p < Priority.COUNT; p++) {
      assertThat(gate.share(Priority.of(p - 1), fill, above))
          .isGreaterThanOrEqualTo(gate.share(Priority.of(p), fill, above));
    }
  }

  @Test
  void halfwayUpHalfOfTheKeysOfBulkEnter() {
    assertThat(gate.share(Priority.BULK, 0.55, 0)).isCloseTo(0.5, within(1e-9));
    assertThat(gate.share(Priority.BULK, 0, LaneGate.YIELD_TO)).isZero();
    assertThat(gate.share(Priority.CRITICAL, 1.5, 1.5)).isEqualTo(1);
  }
}
