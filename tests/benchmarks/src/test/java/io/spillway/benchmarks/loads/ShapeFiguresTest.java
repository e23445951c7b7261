package io.spillway.benchmarks.loads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.spillway.admission.Outcome;
import io.spillway.priority.Priority;
import io.spillway.sandbox.measure.Accounts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShapeFiguresTest {
  private static final long START = 1_700_000_000_000L;
  private static final long SHAPE = START + 10_000;
  private static final long END = SHAPE + 10_000;

  private final Accounts accounts = new Accounts();
  private long offset;

  @Test
  void comparesWhatCameOutWithWhatCouldHave() {
    // Twice the capacity of 100/s; half of it is turned away.
    for (int i = 0; i < 2_000; i++) {
      event(Priority.NORMAL, SHAPE + i * 5, i % 2 == 0 ? 1 : -1);
    }
    calmAndShape(10, 10);
    ShapeFigures figures = figures(Duration.ZERO);
    assertThat(figures.goodput()).isCloseTo(1, within(0.02));
    assertThat(figures.criticalLost()).isZero();
    assertThat(figures.unaccounted()).isZero();
  }

  @Test
  void whatIsBelowTheCapacityCannotBeMore() {
    for (int i = 0; i < 500; i++) {
      event(Priority.NORMAL, SHAPE + i * 20, 1);
    }
    calmAndShape(10, 10);
    assertThat(figures(Duration.ZERO).goodput()).isCloseTo(1, within(0.02));
  }

  @Test
  void slowWorkersCanDoHalf() {
    for (int i = 0; i < 1_000; i++) {
      event(Priority.NORMAL, SHAPE + i * 10, i % 4 == 3 ? -1 : 1);
    }
    calmAndShape(10, 10);
    assertThat(figures(Duration.ofSeconds(5)).goodput()).isCloseTo(1, within(0.02));
    assertThat(figures(Duration.ZERO).goodput()).isCloseTo(0.75, within(0.02));
  }

  @Test
  void theLatencyOfCriticalIsHeldAgainstTheCalm() {
    calmAndShape(10, 30);
    event(Priority.NORMAL, SHAPE + 1, 5_000);
    ShapeFigures figures = figures(Duration.ZERO);
    assertThat(figures.criticalRatio()).isEqualTo(3);
    assertThat(figures.criticalMillis()).isEqualTo(30);
  }

  @Test
  void aCriticalEventWithoutAResultIsLost() {
    calmAndShape(10, 10);
    event(Priority.CRITICAL, SHAPE + 1, -1);
    assertThat(figures(Duration.ZERO).criticalLost()).isEqualTo(1);
  }

  private void calmAndShape(long calmMillis, long shapeMillis) {
    for (int i = 0; i < 10; i++) {
      event(Priority.CRITICAL, START + i * 100, calmMillis);
      event(Priority.CRITICAL, SHAPE + i * 100, shapeMillis);
    }
  }

  /** An event that took so long, or was turned away where that is negative. */
  private void event(Priority priority, long sent, long millis) {
    accounts.produced("t", 0, offset, priority, sent);
    if (millis < 0) {
      accounts.rejected("t", 0, offset, Outcome.SHED);
    } else {
      accounts.delivered("t", 0, offset, sent + millis);
    }
    offset++;
  }

  private ShapeFigures figures(Duration slowEvery) {
    return ShapeFigures.of(accounts, 100, slowEvery, START, SHAPE, SHAPE, END);
  }
}
