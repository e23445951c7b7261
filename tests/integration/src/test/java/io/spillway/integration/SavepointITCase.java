package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.LoadPlan;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The job is stopped with a savepoint under load and started from it with another parallelism. */
@ExtendWith(SharedCluster.class)
class SavepointITCase {
  /** 250 events/s for each subtask. */
  private static final Map<String, String> SETTINGS = Map.of("work.micros", "4000");

  private static final LoadPlan LOAD = LoadPlan.steady("overload", 1_500, Duration.ofSeconds(20));

  @Test
  void nothingIsLostWhenItIsScaledUpAndDownUnderLoad(LocalCluster cluster) {
    try (IotRun run = IotRun.named("savepoint", cluster, SETTINGS).start(1)) {
      run.load(LOAD);
      run.await("a quarter is sent", j -> j.accounts().produced() > LOAD.events() / 4);
      run.startFrom(run.stopWithSavepoint(), 3);
      run.await("half of it is sent", j -> j.accounts().produced() > LOAD.events() / 2);
      run.startFrom(run.stopWithSavepoint(), 2);
      Conservation conservation = run.settle(LOAD);

      assertThat(conservation.unaccounted()).isZero();
      assertThat(conservation.unknown()).isZero();
      assertThat(conservation.duplicates()).as("results of one event").isZero();
      assertThat(conservation.shed()).isPositive();
      run.assertEveryCriticalEventCameOut();
      assertThat(run.isUnharmed()).isTrue();
    }
  }
}
