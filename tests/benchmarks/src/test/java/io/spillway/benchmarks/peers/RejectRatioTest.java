package io.spillway.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class RejectRatioTest {
  @Test
  void rejectsNothingWhileThereIsRoomAndAsMuchGoesOutAsComesIn() {
    RejectRatio ratio = new RejectRatio();
    for (int i = 0; i < 100; i++) {
      assertThat(ratio.update(0.1, 50, 50, 2, 10)).isZero();
    }
  }

  @Test
  void staysWhereItIsWhenTheQueueIsAtItsTargetAndNothingGrows() {
    RejectRatio ratio = new RejectRatio();
    ratio.update(0.1, 500, 100, 400, 10);
    double before = ratio.update(0.1, 100, 100, 10, 10);
    assertThat(before).isGreaterThan(0);
    assertThat(ratio.update(0.1, 100, 100, 10, 10)).isEqualTo(before);
  }

  @Test
  void findsTheRatioThatTheLoadNeeds() {
    RejectRatio ratio = new RejectRatio();
    double queued = 0;
    for (int i = 0; i < 300; i++) {
      double in = 500 * (1 - ratio.ratio());
      double out = Math.min(100, queued + in);
      queued += in - out;
      ratio.update(0.1, in, out, queued, 10);
    }
    assertThat(ratio.ratio()).isCloseTo(0.8, within(0.01));
    assertThat(queued).isCloseTo(10, within(2.0));
  }

  @Property
  void isAShareWhateverHappens(
      @ForAll @DoubleRange(max = 1e6) double in,
      @ForAll @DoubleRange(max = 1e6) double out,
      @ForAll @DoubleRange(max = 1e6) double queued) {
    RejectRatio ratio = new RejectRatio();
    for (int i = 0; i < 5; i++) {
      assertThat(ratio.update(0.1, in, out, queued, 10)).isBetween(0.0, 1.0);
    }
  }

  @Property
  void rejectsFromTheBottomInWholeCohorts(
      @ForAll @DoubleRange(max = 1000) double in,
      @ForAll @DoubleRange(max = 100) double high,
      @ForAll @DoubleRange(max = 100) double bulk) {
    RejectRatio ratio = new RejectRatio();
    ratio.update(0.1, in, 100, 10, 10);
    double[] kept = ratio.kept(new double[] {5, high, 40, bulk});
    for (int tier = 0; tier < 4; tier++) {
      assertThat(kept[tier] * RejectRatio.COHORTS % 1).isZero();
      if (tier > 0 && kept[tier] > 0.5 / RejectRatio.COHORTS) {
        assertThat(kept[tier - 1]).isGreaterThan(1 - 0.51 / RejectRatio.COHORTS);
      }
    }
  }

  @Test
  void aTierThatSendsNothingIsOpenUnlessOneAboveItIsRejected() {
    RejectRatio ratio = new RejectRatio();
    assertThat(ratio.kept(new double[] {5, 15, 40, 0})).containsExactly(1, 1, 1, 1);
    ratio.update(1, 200, 100, 10, 10);
    assertThat(ratio.kept(new double[] {5, 15, 40, 0})[3]).isZero();
  }
}
