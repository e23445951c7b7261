package io.spillway.jobs.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class VelocityWindowTest {
  private static final VelocityWindow.Rule MINUTE = new VelocityWindow.Rule(6_000, 10);

  private record Payment(long millis, long amount) {}

  /** Against all payments ever, of which none is forgotten. */
  @Property
  void countsWhatALongListWouldCount(
      @ForAll @Size(max = 60) List<@LongRange(min = -20_000, max = 60_000) Long> steps,
      @ForAll @IntRange(min = 1, max = 12) int buckets,
      @ForAll @LongRange(min = 1, max = 9_000) long bucketMillis) {
    VelocityWindow.Rule rule = new VelocityWindow.Rule(bucketMillis, buckets);
    VelocityWindow window = null;
    List<Payment> all = new ArrayList<>();
    long time = 1_700_000_000_000L;
    long now = Long.MIN_VALUE;
    for (long step : steps) {
      time += step;
      now = Math.max(now, time);
      all.add(new Payment(now, Math.abs(step) + 1));
      window = rule.add(window, time, Math.abs(step) + 1);
      long oldest = Math.floorDiv(now, bucketMillis) - buckets;
      List<Payment> in =
          all.stream().filter(p -> Math.floorDiv(p.millis(), bucketMillis) > oldest).toList();
      assertThat(window.total())
          .isEqualTo(new Velocity(in.size(), in.stream().mapToLong(Payment::amount).sum()));
      assertThat(window.counts()).hasSize(buckets);
    }
  }

  @Test
  void forgetsAWholeWindowAtOnce() {
    VelocityWindow window = MINUTE.add(null, 0, 100);
    window = MINUTE.add(window, 30_000, 100);
    assertThat(window.total()).isEqualTo(new Velocity(2, 200));
    assertThat(MINUTE.add(window, 600_000_000_000L, 7).total()).isEqualTo(new Velocity(1, 7));
  }

  @Test
  void countsALatePaymentAsOfNow() {
    VelocityWindow window = MINUTE.add(MINUTE.add(null, 600_000, 1), 0, 1);
    assertThat(window.total()).isEqualTo(new Velocity(2, 2));
    assertThat(MINUTE.add(window, 630_000, 1).total()).isEqualTo(new Velocity(3, 3));
  }

  @Test
  void stopsAtTheLargestSumInsteadOfWrapping() {
    VelocityWindow window = MINUTE.add(MINUTE.add(null, 0, Long.MAX_VALUE), 10_000, Long.MAX_VALUE);
    window = MINUTE.add(window, 10_000, 5);
    assertThat(window.total()).isEqualTo(new Velocity(3, Long.MAX_VALUE));
  }

  @Test
  void doesNotChangeAWindowThatSomebodyHolds() {
    VelocityWindow first = MINUTE.add(null, 0, 1);
    MINUTE.add(first, 0, 1);
    MINUTE.add(first, 600_000, 1);
    assertThat(first.total()).isEqualTo(new Velocity(1, 1));
  }

  @Test
  void keepsWhatItKnowsWhenTheNumberOfBucketsHasChanged() {
    VelocityWindow window = MINUTE.add(MINUTE.add(null, 0, 5), 50_000, 5);
    assertThat(new VelocityWindow.Rule(20_000, 3).add(window, 55_000, 1).total())
        .isEqualTo(new Velocity(3, 11));
  }

  @Test
  void refusesAWindowOfNothing() {
    assertThatThrownBy(() -> new VelocityWindow.Rule(0, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new VelocityWindow.Rule(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
