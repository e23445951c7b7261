package io.spillway.benchmarks.programs;

import io.spillway.jobs.work.SimulatedWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The workers of a program: threads that do the same work as a subtask of the job, in order of
 * arrival. How much waits in front of them is up to who submits. Thread safe.
 */
final class Workers implements AutoCloseable {
  private final ExecutorService threads;
  private final ThreadLocal<SimulatedWork> work;

  Workers(int count, int micros) {
    this.work = ThreadLocal.withInitial(() -> new SimulatedWork(micros));
    this.threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "program-worker");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Works on this; done when the work is, or failed with what stopped it. */
  <T> CompletableFuture<T> submit(T event) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            work.get().perform();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped at work", e);
          }
          return event;
        },
        threads);
  }

  /** Interrupts what they are at; what waits for them is left alone. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
