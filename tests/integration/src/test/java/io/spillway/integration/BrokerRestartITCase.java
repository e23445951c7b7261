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

/** The broker goes away and comes back while the job is at work. */
@ExtendWith(SharedCluster.class)
class BrokerRestartITCase {
  /** Two subtasks of 500 events/s, so the load is twice what they can do. */
  private static final Map<String, String> SETTINGS = Map.of("work.micros", "2000");

  private static final LoadPlan LOAD = LoadPlan.steady("overload", 2_000, Duration.ofSeconds(15));

  @AfterEach
  void mend(LocalCluster cluster) {
    cluster.startKafka();
  }

  @Test
  void nothingIsLostWhenTheBrokerIsRestartedUnderLoad(LocalCluster cluster) {
    try (IotRun run = IotRun.named("broker-restart", cluster, SETTINGS).start(2)) {
      run.load(LOAD);
      run.await("a third is sent", j -> j.accounts().produced() > LOAD.events() / 3);
      cluster.stopKafka();
      cluster.startKafka();
      Conservation conservation = run.settle(LOAD);
      run.awaitRunning();

      assertThat(conservation.unaccounted()).isZero();
      assertThat(conservation.unknown()).isZero();
      assertThat(conservation.deadLetters()).isZero();
      run.assertEveryCriticalEventCameOut();
    }
  }
}
