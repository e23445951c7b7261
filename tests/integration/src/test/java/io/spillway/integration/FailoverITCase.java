package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.LoadPlan;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code kill -9} of a TaskManager in the middle of an overload of five times the capacity. Events
 * may come out twice then; none may vanish. Nothing that is written in transactions comes twice,
 * and the audit, which knows nothing of the test, says the same.
 */
@ExtendWith(SharedCluster.class)
class FailoverITCase {
  private static final int VICTIM = 2;

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startTaskManager(VICTIM);
  }

  @Test
  void spillwayShedsOnAndLosesNothing(LocalCluster cluster) {
    LoadPlan load = LoadPlan.surge(400, 5, seconds(2), seconds(12), seconds(4));
    Map<String, String> settings = Map.of("work.micros", "5000", "kafka.delivery", "exactly-once");
    try (IotRun run = IotRun.named("failover", cluster, settings).start(2)) {
      Conservation conservation = killUnder(load, run, cluster);

      assertThat(conservation.shed()).isPositive();
      assertThat(conservation.unaccounted()).isZero();
      assertThat(conservation.unknown()).isZero();
      run.assertEveryCriticalEventCameOut();
      Audited.of(run.settings()).assertConserved();
    }
  }

  private static Conservation killUnder(LoadPlan load, IotRun run, LocalCluster cluster) {
    run.load(load);
    run.await("half of it is sent", j -> j.accounts().produced() > load.events() / 2);
    cluster.killTaskManager(VICTIM);
    Conservation conservation = run.settle(load);
    run.awaitRunning();
    assertThat(run.hasFailedOnce()).as("the job had a task on the victim").isTrue();
    return conservation;
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
