package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.LoadPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What breaks at night, at five times the capacity: the JobManager, the broker together with a
 * TaskManager, the disk that checkpoints go to. After each of them every event has gone to exactly
 * one place, says the audit, which knows nothing of the test; what is written in transactions has
 * nothing twice. How long it took until results came again is reported.
 */
@ExtendWith(SharedCluster.class)
class FaultsITCase {
  private static final int VICTIM = 2;
  private static final Map<String, String> SETTINGS =
      Map.of("work.micros", "5000", "kafka.delivery", "exactly-once");
  private static final Map<String, String> CHECKPOINTS =
      Map.of("execution.checkpointing.interval", "2s", "execution.checkpointing.min-pause", "1s");

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startKafka();
    cluster.startJobManager();
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void anotherRunGoesOnFromTheLastCheckpointWhenTheJobManagerIsKilled(LocalCluster cluster) {
    LoadPlan load = overload(10);
    try (IotRun run = IotRun.named("jobmanager-kill", cluster, SETTINGS).with(CHECKPOINTS)) {
      run.start(2).load(load);
      run.await("a third is sent", j -> j.accounts().produced() > load.events() / 3);
      run.awaitCheckpoints(1);
      cluster.killJobManager();
      long killed = System.nanoTime();
      cluster.startJobManager();
      // The TaskManagers have given up what they did for the JobManager before.
      long before = run.results();
      run.startFromLatest(2);
      run.awaitMoreResultsThan(before, load);
      report("JobManager killed", killed);

      assertNothingLostNorTwice(run, load);
    }
  }

  @Test
  void nothingIsLostNorTwiceWhenATaskManagerDiesWhileTheBrokerIsAway(LocalCluster cluster) {
    LoadPlan load = overload(8);
    try (IotRun run = IotRun.named("broker-away", cluster, SETTINGS).with(CHECKPOINTS)) {
      run.start(2).load(load);
      run.await("a third is sent", j -> j.accounts().produced() > load.events() / 3);
      run.awaitCheckpoints(1);
      // Transactions of the sinks are open now.
      long before = run.results();
      cluster.stopKafka();
      cluster.killTaskManager(VICTIM);
      long gone = System.nanoTime();
      run.awaitFailure();
      cluster.startKafka();
      cluster.startTaskManager(VICTIM);
      run.awaitMoreResultsThan(before, load);
      report("broker and TaskManager gone", gone);

      assertNothingLostNorTwice(run, load);
      assertThat(run.hasFailedOnce()).as("the job had a task on the victim").isTrue();
    }
  }

  @Test
  void theJobGoesOnWithoutCheckpointsWhileTheirDiskIsFull(
      LocalCluster cluster, @TempDir Path folder) throws Exception {
    assumeThat(mount(folder)).as("a file system of 16 MB can be mounted (needs root)").isTrue();
    LoadPlan load = overload(10);
    Map<String, String> onSmallDisk =
        Map.of(
            "execution.checkpointing.interval", "1s",
            "execution.checkpointing.min-pause", "500ms",
            "execution.checkpointing.dir", "file://" + folder);
    try (IotRun run = IotRun.named("disk-full", cluster, SETTINGS).with(onSmallDisk)) {
      run.start(2).load(load);
      run.awaitCheckpoints(1);
      Path filler = fill(folder);
      run.awaitFailedCheckpoints(2);
      assertThat(run.isUnharmed()).as("failed checkpoints do not fail the job").isTrue();
      cluster.killTaskManager(VICTIM);
      long killed = System.nanoTime();
      run.awaitFailure();
      long before = run.results();
      Files.delete(filler);
      run.awaitMoreResultsThan(before, load);
      report("disk full, TaskManager killed", killed);
      cluster.startTaskManager(VICTIM);

      assertNothingLostNorTwice(run, load);
    } finally {
      succeeds("umount", folder.toString());
    }
  }

  /** Two workers of 200 events/s each. */
  private static LoadPlan overload(int seconds) {
    return LoadPlan.steady("overload", 5 * 400, Duration.ofSeconds(seconds));
  }

  private static void assertNothingLostNorTwice(IotRun run, LoadPlan load) {
    Conservation conservation = run.settle(load);
    run.awaitRunning();
    assertThat(conservation.shed()).isPositive();
    assertThat(conservation.unaccounted()).isZero();
    assertThat(conservation.unknown()).isZero();
    run.assertEveryCriticalEventCameOut();
    Audited.of(run.settings()).assertConserved();
  }

  /** A line that {@code ./spillway test} shows. */
  private static void report(String fault, long sinceNanos) {
    double seconds = (System.nanoTime() - sinceNanos) / 1e9;
    System.out.println("recovery: %s: results after %.1f s".formatted(fault, seconds));
  }

  private static boolean mount(Path folder) throws Exception {
    return succeeds("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder.toString());
  }

  /** Leaves no byte free. */
  private static Path fill(Path folder) {
    Path filler = folder.resolve("filler");
    byte[] block = new byte[64 * 1024];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return filler;
    }
  }

  private static boolean succeeds(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
