package io.spillway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spillway.sandbox.cluster.Await;
import io.spillway.sandbox.cluster.ClusterSpec;
import io.spillway.sandbox.cluster.FlinkRest;
import io.spillway.sandbox.cluster.JobName;
import io.spillway.sandbox.cluster.LoadProcess;
import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.cluster.Progress;
import io.spillway.sandbox.cluster.ReactiveJob;
import io.spillway.sandbox.cluster.SandboxException;
import io.spillway.sandbox.measure.Conservation;
import io.spillway.sandbox.measure.Fate;
import io.spillway.sandbox.measure.Judge;
import io.spillway.sandbox.measure.LoadPlan;
import io.spillway.sandbox.measure.MeasuredTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of its own in reactive mode: a JobManager that brings the IoT job along. */
class ReactiveITCase {
  private static final int PORTS_FROM = 28_000;

  /** A TaskManager that comes is used after the next checkpoint. */
  private static final Map<String, String> FLINK =
      Map.of(
          "execution.checkpointing.interval", "2s",
          "execution.checkpointing.min-pause", "500ms",
          "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling", "1s");

  private static final Map<String, String> SETTINGS =
      Map.of("receipts.topic", MeasuredTopics.RECEIPTS, "work.micros", "1000");

  /** Longer than both changes of scale take; where it is over before, the rest is still true. */
  private static final LoadPlan LOAD = LoadPlan.steady("load", 150, Duration.ofSeconds(25));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void theJobFollowsItsTaskManagersAndNothingIsLost() {
    ClusterSpec spec = new ClusterSpec(dir, 1, 1, PORTS_FROM, FLINK);
    LocalCluster cluster =
        LocalCluster.up(spec.reactive(new ReactiveJob(JobName.IOT, SETTINGS)), Progress.SILENT);
    try (Judge judge = new Judge(cluster.bootstrapServers(), MeasuredTopics.of(SETTINGS))) {
      FlinkRest rest = new FlinkRest(cluster.rest());
      String job = cluster.reactiveJob();
      assertThat(rest.parallelism(job)).isEqualTo(1);
      LoadProcess load = load(cluster);
      await(judge, "events come", () -> judge.accounts().count(Fate.DELIVERED) > 0);

      LocalCluster two = cluster.scale(2, Progress.SILENT);
      assertThat(rest.parallelism(job)).isEqualTo(2);
      assertThat(rest.taskManagers()).containsOnlyKeys("taskmanager-1", "taskmanager-2");
      assertThat(two.scale(2, Progress.SILENT).spec()).isEqualTo(two.spec());
      assertRefused(two);

      LocalCluster one = two.scale(1, Progress.SILENT);
      assertThat(rest.parallelism(job)).isEqualTo(1);
      assertThat(rest.taskManagers()).containsOnlyKeys("taskmanager-1");
      assertThat(one.reactiveJob()).isEqualTo(job);

      load.await(IotRun.LIMIT);
      await(
          judge,
          "there is an account of every event",
          () ->
              judge.accounts().produced() == LOAD.events()
                  && judge.accounts().count(Fate.UNACCOUNTED) == 0);
      assertThat(judge.critical().missing(10)).isEmpty();
      Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
      settings.put("kafka.bootstrap.servers", cluster.bootstrapServers());
      Audited.of(settings).assertConserved();
      assertGoesOnFromItsSavepoint(one, job);
    } finally {
      cluster.down();
    }
    assertThat(LocalCluster.running(dir)).isEmpty();
  }

  /** The JobManager ends with its job, and a new one brings the job along with its state. */
  private void assertGoesOnFromItsSavepoint(LocalCluster cluster, String job) {
    assertThatThrownBy(() -> LocalCluster.upFromLatest(cluster.spec(), Progress.SILENT))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("job iot is up");
    String savepoint = cluster.stopWithSavepoint(job, false);

    LocalCluster again = LocalCluster.upFromLatest(cluster.spec(), Progress.SILENT);
    assertThat(
            new FlinkRest(again.rest())
                .get("/jobs/" + again.reactiveJob() + "/checkpoints")
                .at("/latest/restored/external_path")
                .asText())
        .isEqualTo(savepoint);
  }

  /** A scale that makes no sense, and a job that there is no room for. */
  private static void assertRefused(LocalCluster cluster) {
    assertThatThrownBy(() -> cluster.scale(0, Progress.SILENT))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("0 TaskManagers");
    assertThatThrownBy(() -> cluster.submit("video", Map.of(), 1, Optional.empty()))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("reactive mode");
  }

  private static LoadProcess load(LocalCluster cluster) {
    return cluster.load(
        Map.of(
            "events", "iot",
            "topic", JobName.IOT.input(),
            "topic.mode", JobName.IOT.inputMode(),
            "profile", LOAD.profile()));
  }

  private static void await(Judge judge, String what, BooleanSupplier met) {
    boolean reached =
        Await.until(
            IotRun.LIMIT,
            () -> {
              judge.poll(Duration.ofMillis(200));
              return met.getAsBoolean();
            });
    assertThat(reached).as("%s; so far %s", what, Conservation.of(judge.accounts())).isTrue();
  }
}
