package io.spillway.jobs.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
