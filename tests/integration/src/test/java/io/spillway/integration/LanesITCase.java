package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.LoadPlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ways to keep CRITICAL apart from the rest other than the default, at three times the
 * capacity. That CRITICAL is fast is shown by order, not by a clock: with admission off a backlog
 * builds up, and the last CRITICAL event, sent when the backlog was longest, comes out before most
 * of it.
 */
@ExtendWith(SharedCluster.class)
class LanesITCase {
  /** One subtask does 400 events/s. */
  private static final Map<String, String> WORK = Map.of("work.micros", "2500");

  private static final Map<String, String> ISOLATED = with(WORK, "lanes", "isolated");
  private static final Map<String, String> PER_PRIORITY = with(WORK, "input.mode", "per_priority");

  private static final LoadPlan LOAD = LoadPlan.steady("overload", 1_200, Duration.ofSeconds(3));

  @Test
  void isolatedLanesShedAndLoseNothing(LocalCluster cluster) {
    assertShedsAndLosesNothing("isolated", ISOLATED, cluster);
  }

  @Test
  void topicsPerPriorityShedAndLoseNothing(LocalCluster cluster) {
    assertShedsAndLosesNothing("per-priority", PER_PRIORITY, cluster);
  }

  @Test
  void anIsolatedLaneKeepsCriticalOutOfTheBacklog(LocalCluster cluster) {
    assertCriticalOvertakes("isolated-only", with(ISOLATED, "admission.enabled", "false"), cluster);
  }

  @Test
  void topicsPerPriorityLetCriticalOvertakeTheBacklog(LocalCluster cluster) {
    Map<String, String> settings =
        with(with(PER_PRIORITY, "admission.enabled", "false"), "lanes", "single");
    assertCriticalOvertakes("per-priority-only", settings, cluster);
  }

  private static void assertShedsAndLosesNothing(
      String name, Map<String, String> settings, LocalCluster cluster) {
    try (IotRun run = IotRun.named(name, cluster, settings).start(1)) {
      run.load(LOAD);
      Conservation conservation = run.settle(LOAD);

      assertThat(conservation.shed()).isPositive();
      assertAccounted(conservation);
      run.assertEveryCriticalEventCameOut();
      assertThat(run.isUnharmed()).isTrue();
    }
  }

  private static void assertCriticalOvertakes(
      String name, Map<String, String> settings, LocalCluster cluster) {
    try (IotRun run = IotRun.named(name, cluster, settings).start(1);
        TopicContents receipts = new TopicContents(cluster, run.topic("receipts"))) {
      run.load(LOAD);
      Conservation conservation = run.settle(LOAD);

      assertThat(conservation.delivered()).isEqualTo(LOAD.events());
      assertAccounted(conservation);
      run.assertEveryCriticalEventCameOut();
      List<JsonNode> inOrder = receipts.await((int) LOAD.events(), receipt -> true);
      int last = lastCritical(inOrder);
      // At the end of the load a third of it is processed and the rest is the backlog.
      assertThat(inOrder.size() - last)
          .as("results after that of the last CRITICAL event")
          .isGreaterThan(inOrder.size() / 3);
    }
  }

  private static void assertAccounted(Conservation conservation) {
    assertThat(conservation.unaccounted()).isZero();
    assertThat(conservation.unknown()).isZero();
    assertThat(conservation.duplicates()).isZero();
  }

  private static int lastCritical(List<JsonNode> receipts) {
    int last = 0;
    for (int i = 0; i < receipts.size(); i++) {
      if (receipts.get(i).path("priority").asText().equals("critical")) {
        last = i;
      }
    }
    return last;
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return more;
  }
}
