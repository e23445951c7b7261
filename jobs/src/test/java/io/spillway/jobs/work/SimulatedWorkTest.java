package io.spillway.jobs.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedWorkTest {
  @Test
  void holdsTheThreadForAtLeastItsTime() throws InterruptedException {
    SimulatedWork work = new SimulatedWork(2_000);
    long start = System.nanoTime();
    work.perform();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
  }

  @Test
  void endsAtOnceWhenItsTaskIsCancelled() {
    SimulatedWork work = new SimulatedWork(60_000_000);
    Thread.currentThread().interrupt();
    assertThatThrownBy(work::perform).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void isNothingAtAllWithoutATime() throws InterruptedException {
    Thread.currentThread().interrupt();
    new SimulatedWork(0).perform();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void isSlowInEverySecondPeriod() {
    Duration period = Duration.ofSeconds(10);
    assertThat(SimulatedWork.isSlow(0, period)).isFalse();
    assertThat(SimulatedWork.isSlow(9_999, period)).isFalse();
    assertThat(SimulatedWork.isSlow(10_000, period)).isTrue();
    assertThat(SimulatedWork.isSlow(20_000, period)).isFalse();
    assertThat(SimulatedWork.isSlow(10_000, Duration.ZERO)).isFalse();
  }

  @Test
  void aNegativeTimeIsRefused() {
    assertThatThrownBy(() -> new SimulatedWork(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
