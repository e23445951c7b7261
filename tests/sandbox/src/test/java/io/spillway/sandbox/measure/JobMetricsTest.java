package io.spillway.sandbox.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.priority.Priority;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
  private static final String SCRAPE =
      """
      # HELP flink_taskmanager_job_task_operator_spillway_lane_fill lane_fill (scope: taskmanager)
      # TYPE flink_taskmanager_job_task_operator_spillway_lane_fill gauge
      flink_taskmanager_job_task_operator_spillway_lane_fill{lane="express",subtask_index="0",} 0.25
      flink_taskmanager_job_task_operator_spillway_lane_fill{lane="express",subtask_index="1",} 0.5
      flink_taskmanager_job_task_operator_spillway_lane_fill{lane="bulk",subtask_index="0",} 1.0
      flink_taskmanager_job_task_operator_spillway_keep_probability{priority="bulk",subtask_index="0",} 0.2
      flink_taskmanager_job_task_operator_spillway_keep_probability{priority="bulk",subtask_index="1",} 0.4
      flink_taskmanager_job_task_operator_spillway_keep_probability{priority="high",subtask_index="1",} NaN
      flink_taskmanager_job_task_operator_spillway_events_seen{priority="critical",subtask_index="0"} 1.0E3
      flink_taskmanager_job_task_operator_spillway_events_seen{priority="critical",subtask_index="1"} 500
      flink_taskmanager_job_task_operator_spillway_events_admitted{priority="critical"} 1500.0
      flink_taskmanager_job_task_operator_spillway_events_rejected{priority="bulk",reason="shed"} 70.0
      flink_taskmanager_job_task_operator_spillway_events_rejected{priority="bulk",reason="lane_full"} 7.0
      flink_taskmanager_job_task_operator_spillway_events_rejected{priority="bulk",reason="deferred"} 5.0
      flink_taskmanager_job_task_operator_spillway_end_to_end_latency_ms{priority="critical",quantile="0.5",} 11
      flink_taskmanager_job_task_operator_spillway_end_to_end_latency_ms{priority="critical",quantile="0.99",} 42
      flink_taskmanager_job_task_operator_spillway_end_to_end_latency_ms_count{priority="critical"} 9
      flink_jobmanager_job_lastCheckpointDuration{job_name="a \\"quoted\\" {name}, with=all"} 88
      flink_taskmanager_Status_JVM_CPU_Load 0.5
      this is not a sample
      broken{label="without end
      flink_x +Inf
      """;

  private final JobMetrics metrics = JobMetrics.of(PrometheusText.parse(SCRAPE));

  @Test
  void theFillOfALaneIsItsFullestSubtask() {
    assertThat(metrics.laneFill()).containsOnly(Map.entry("express", 0.5), Map.entry("bulk", 1.0));
  }

  @Test
  void keepProbabilityIsTheMeanOverSubtasksAndNaNIsNoSample() {
    assertThat(metrics.keep().get(Priority.BULK)).isEqualTo(0.3, within());
    assertThat(metrics.keep()).doesNotContainKey(Priority.HIGH);
  }

  @Test
  void countersAreSummedOverSubtasksAndReasons() {
    assertThat(metrics.seen().get(Priority.CRITICAL)).isEqualTo(1500);
    assertThat(metrics.admitted().get(Priority.CRITICAL)).isEqualTo(1500);
    assertThat(metrics.rejected().get(Priority.BULK)).isEqualTo(82);
    assertThat(metrics.deferred()).containsOnly(Map.entry(Priority.BULK, 5.0));
  }

  @Test
  void quantilesAndCheckpointsAreRead() {
    assertThat(metrics.p50Millis().get(Priority.CRITICAL)).isEqualTo(11);
    assertThat(metrics.p99Millis().get(Priority.CRITICAL)).isEqualTo(42);
    assertThat(metrics.checkpointMillis()).isEqualTo(88);
  }

  @Test
  void linesThatAreNoSamplesArePassedOver() {
    assertThat(PrometheusText.parse(SCRAPE)).hasSize(18);
    assertThat(PrometheusText.parse("a 1\nb{x=\"y\\n\\\\\"} 2.5 1700000000"))
        .containsExactly(
            new PrometheusText.Sample("a", Map.of(), 1),
            new PrometheusText.Sample("b", Map.of("x", "y\n\\"), 2.5));
    assertThat(JobMetrics.NONE.isEmpty()).isTrue();
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-9);
  }
}
