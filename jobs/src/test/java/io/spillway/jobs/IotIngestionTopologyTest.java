package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.LaneMode;
import io.spillway.config.Settings;
import io.spillway.jobs.iot.EventProcessing;
import io.spillway.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The graph of the job, without a cluster or a broker. A uid that changes loses its state at the
 * next deployment, a name is what people look for in the web UI: both are kept in golden files, and
 * so is which operators share a task.
 */
class IotIngestionTopologyTest {
  private static final Path TOPOLOGIES = Path.of("src/test/resources/topology");

  @ParameterizedTest
  @CsvSource({
    "MERGED, mixed", "MERGED, per_priority",
    "ISOLATED, mixed", "ISOLATED, per_priority",
    "SINGLE, mixed", "SINGLE, per_priority",
  })
  void hasTheUidsAndNamesOnRecordInEveryInputMode(LaneMode lanes, String inputMode)
      throws IOException {
    StreamGraph graph = graph(lanes, inputMode);
    Golden.assertFile(
        TOPOLOGIES.resolve("iot-" + lanes.name().toLowerCase(Locale.ROOT) + ".txt"),
        Topology.of(graph));
  }

  @ParameterizedTest
  @EnumSource
  void writesEventsOnwardInTheTaskOfAdmission(LaneMode lanes) throws IOException {
    StreamGraph graph = graph(lanes, "mixed", "iot.admitted");
    Golden.assertFile(
        TOPOLOGIES.resolve("iot-" + lanes.name().toLowerCase(Locale.ROOT) + "-onward.txt"),
        Topology.of(graph));
  }

  @Test
  void tellsThoseWhoSendOnlyWhereThatIsAskedFor() throws IOException {
    StreamGraph graph =
        graph(
            Map.of(
                "rejections.topic",
                "spillway.rejections",
                "admission.publish.topic",
                "spillway.admission"));
    Golden.assertFile(TOPOLOGIES.resolve("iot-merged-told.txt"), Topology.of(graph));
  }

  @ParameterizedTest
  @EnumSource
  void holdsQuotasExactlyBetweenAdmissionAndTheStageOnlyWhereThatIsAskedFor(LaneMode lanes)
      throws IOException {
    StreamGraph graph =
        graph(
            Map.of(
                "lanes",
                lanes.name(),
                "onward.topic",
                "iot.admitted",
                "admission.quota.by",
                "source",
                "admission.quota.exact",
                "true"));
    Golden.assertFile(
        TOPOLOGIES.resolve("iot-" + lanes.name().toLowerCase(Locale.ROOT) + "-quotas.txt"),
        Topology.of(graph));
    assertThat(graph.getJobGraph().getVertices())
        .filteredOn(vertex -> vertex.getName().contains(EventProcessing.NAME))
        .isNotEmpty()
        .allSatisfy(vertex -> assertThat(vertex.getName()).doesNotContain("Hold quotas"));
  }

  @Test
  void holdsQuotasOnEveryLaneOfWhichAPolicyMayHaveEventsTurnedAway() {
    Map<String, String> blocked =
        Map.of(
            "admission.quota.by",
            "source",
            "admission.quota.exact",
            "true",
            "lanes.express",
            "critical,high",
            "admission.overload.high",
            "block");
    String bulkOnly = Topology.of(graph(with(blocked, "policy.topic", "")));
    assertThat(bulkOnly).contains("exact-quota-bulk-v1").doesNotContain("exact-quota-express-v1");
    assertThat(Topology.of(graph(blocked)))
        .contains("exact-quota-bulk-v1", "exact-quota-express-v1");
  }

  @ParameterizedTest
  @EnumSource
  void neverChainsTheExpensiveStageToAdmission(LaneMode lanes) {
    assertThat(graph(lanes, "mixed").getJobGraph().getVertices())
        .filteredOn(vertex -> vertex.getName().contains(EventProcessing.NAME))
        .isNotEmpty()
        .allSatisfy(
            vertex -> {
              assertThat(vertex.getName()).doesNotContain("Source").doesNotContain("admit");
              assertThat(vertex.getParallelism()).isEqualTo(3);
            });
  }

  @ParameterizedTest
  @EnumSource
  void fitsIntoTwiceItsParallelismOfSlots(LaneMode lanes) {
    long groups =
        StreamSupport.stream(graph(lanes, "mixed").getJobGraph().getVertices().spliterator(), false)
            .map(vertex -> vertex.getSlotSharingGroup().getSlotSharingGroupId())
            .distinct()
            .count();
    assertThat(groups).isEqualTo(lanes == LaneMode.ISOLATED ? 2 : 1);
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return more;
  }

  private static StreamGraph graph(LaneMode lanes, String inputMode) {
    return graph(lanes, inputMode, "");
  }

  private static StreamGraph graph(LaneMode lanes, String inputMode, String onward) {
    return graph(
        Map.of(
            "lanes",
            lanes.name(),
            "input.mode",
            inputMode,
            "receipts.topic",
            "receipts",
            "onward.topic",
            onward));
  }

  private static StreamGraph graph(Map<String, String> settings) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(3);
    IotIngestionJob.build(env, Settings.of(settings, IotOptions.OPTIONS), Policy.OWN);
    return env.getStreamGraph();
  }
}
