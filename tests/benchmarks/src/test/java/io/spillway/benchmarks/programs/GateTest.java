package io.spillway.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.spillway.priority.Priority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final long WORK_NANOS = 4_000_000;

  @Test
  void aRateLimiterLetsThroughItsRateInAPeriodAndCriticalBeside() {
    // The period is longer than the test, so it does not end meanwhile.
    Gate gate = new RateGate(0.01, Duration.ofHours(1));
    assertThat(enter(gate, Priority.BULK, 100)).hasSize(36);
    assertThat(enter(gate, Priority.CRITICAL, 100)).hasSize(100);
    assertThat(gate.enter(Priority.HIGH)).isEmpty();
  }

  @Test
  void aRateThatIsNothingInItsPeriodIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateGate(10, Duration.ofMillis(20)))
        .withMessageContaining("take a longer period");
  }

  @Test
  void aBulkheadHasRoomForSoManyAndForCriticalApart() {
    Gate gate = new BulkheadGate(3, 2);
    List<Runnable> rest = enter(gate, Priority.HIGH, 10);
    assertThat(rest).hasSize(2);
    assertThat(enter(gate, Priority.CRITICAL, 10)).hasSize(3);
    rest.get(0).run();
    assertThat(enter(gate, Priority.BULK, 10)).hasSize(1);
  }

  @Test
  void aConcurrencyLimitKeepsCriticalItsShareInAFloodOfBulk() {
    Gate gate = new ConcurrencyGate(() -> 0L);
    assertThat(enter(gate, Priority.BULK, 100)).hasSize(8);
    // Half of the limit is CRITICAL's own, whatever the others hold.
    assertThat(enter(gate, Priority.CRITICAL, 100)).hasSize(4);
    assertThat(enter(gate, Priority.HIGH, 100)).hasSize(3);
  }

  @Test
  void aVegasLimitKeepsAFewWaitingHoweverLongTheOverloadLasts() {
    AtomicLong now = new AtomicLong();
    Gate gate = new ConcurrencyGate(now::get);
    Deque<Runnable> underWay = new ArrayDeque<>();
    int most = 0;
    for (int event = 0; event < 20_000; event++) {
      Optional<Runnable> entered = gate.enter(Priority.NORMAL);
      while (entered.isPresent()) {
        underWay.add(entered.get());
        entered = gate.enter(Priority.NORMAL);
      }
      // Two workers: one event is done in every half of the time that each takes.
      now.addAndGet(WORK_NANOS / 2);
      underWay.remove().run();
      most = Math.max(most, underWay.size());
    }
    assertThat(most).isBetween(2, 16);
  }

  private static List<Runnable> enter(Gate gate, Priority priority, int times) {
    List<Runnable> entered = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      gate.enter(priority).ifPresent(entered::add);
    }
    return entered;
  }
}
