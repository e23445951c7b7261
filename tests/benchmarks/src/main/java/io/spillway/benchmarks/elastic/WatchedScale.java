package io.spillway.benchmarks.elastic;

import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * A cluster in reactive mode whose scale is changed while a {@link Judge} reads what comes out of
 * its job. Not thread safe; a change blocks until the job runs at its new scale and gives results
 * again.
 */
final class WatchedScale implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofSeconds(150);

  /** The job has caught up, and Flink's cooldown has passed, before the next change. */
  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final Judge judge;
  private final FlinkRest rest;
  private final String job;
  private LocalCluster cluster;

  /**
   * @param fromMillis when it was asked for
   * @param registeredMillis when all TaskManagers that were wanted had registered
   * @param usedMillis when the job ran on all of them
   * @param toMillis some seconds later, before the next change
   */
  record Change(long fromMillis, long registeredMillis, long usedMillis, long toMillis) {
    double usedAfterSeconds() {
      return Math.max(0, usedMillis - registeredMillis) / 1e3;
    }
  }

  WatchedScale(LocalCluster cluster, MeasuredTopics topics) {
    this.cluster = cluster;
    this.judge = new Judge(cluster.bootstrapServers(), topics);
    this.rest = new FlinkRest(cluster.rest());
    this.job = cluster.reactiveJob();
  }

  /** Waits until the job gives results. */
  void awaitResults() {
    await(() -> judge.accounts().count(Fate.DELIVERED) > 0, "a first result");
    pollFor(BETWEEN);
  }

  Change scale(int taskManagers) {
    long from = System.currentTimeMillis();
    CompletableFuture<LocalCluster> scaled =
        CompletableFuture.supplyAsync(() -> cluster.scale(taskManagers, Progress.SILENT));
    await(() -> scaled.isDone() || rest.taskManagers().size() == taskManagers, "the TaskManagers");
    long registered = System.currentTimeMillis();
    await(scaled::isDone, "the change of scale");
    cluster = scaled.join();
    long used = System.currentTimeMillis();
    return settled(from, registered, used);
  }

  /** Kills the last TaskManager, so that as many are left. */
  Change kill(int left) {
    long from = System.currentTimeMillis();
    cluster.killTaskManager(left + 1);
    await(
        () -> rest.parallelism(job) == left && rest.isRunning(job), "the job without what is gone");
    long used = System.currentTimeMillis();
    Change change = settled(from, from, used);
    // One that is gone is not wanted any more.
    cluster = cluster.scale(left, Progress.SILENT);
    return change;
  }

  /** What came out until now. */
  Interruptions results() {
    judge.catchUp(LIMIT);
    LongStream.Builder times = LongStream.builder();
    judge
        .accounts()
        .forEach(
            (priority, fate, sent, done) -> {
              if (fate == Fate.DELIVERED) {
                times.add(done);
              }
            });
    return new Interruptions(times.build().toArray());
  }

  /** How late the generator was until now, 99th percentile. */
  double lateMillis() {
    return judge.generatorLag().getValueAtPercentile(99);
  }

  @Override
  public void close() {
    judge.close();
  }

  private Change settled(long from, long registered, long used) {
    long before = judge.accounts().count(Fate.DELIVERED);
    await(() -> judge.accounts().count(Fate.DELIVERED) > before, "results after the change");
    pollFor(BETWEEN);
    return new Change(from, registered, used, System.currentTimeMillis());
  }

  private void pollFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await(() -> System.nanoTime() >= end, "the time to pass");
  }

  private void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() >= end) {
        throw SandboxException.failure(
            "%s did not come within %d s".formatted(what, LIMIT.toSeconds()));
      }
      judge.poll(POLL);
    }
  }
}
