package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.LaneMode;
import io.spillway.config.Settings;
import io.spillway.jobs.transactions.CommandDeciding;
import io.spillway.jobs.transactions.CommandDecoding;
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

/** The graph of the job, without a cluster or a broker, against what is on record. */
class TransactionTopologyTest {
  private static final Path TOPOLOGIES = Path.of("src/test/resources/topology");

  @ParameterizedTest
  @CsvSource({
    "MERGED, mixed", "MERGED, per_priority",
    "ISOLATED, mixed", "ISOLATED, per_priority",
    "SINGLE, mixed", "SINGLE, per_priority",
  })
  void hasTheUidsAndNamesOnRecordInEveryInputMode(LaneMode lanes, String inputMode)
      throws IOException {
    Golden.assertFile(
        TOPOLOGIES.resolve("transactions-" + lanes.name().toLowerCase(Locale.ROOT) + ".txt"),
        Topology.of(graph(lanes, inputMode)));
  }

  @Test
  void eachLaneAsksTheRiskServiceForItself() throws IOException {
    Golden.assertFile(
        TOPOLOGIES.resolve("transactions-merged-risk.txt"),
        Topology.of(graph(LaneMode.MERGED, "mixed", Map.of("risk.address", "127.0.0.1:50051"))));
  }

  /** Else a lane has no buffers of its own, and admission nothing to look at. */
  @ParameterizedTest
  @EnumSource
  void neverChainsAStageToAdmission(LaneMode lanes) {
    assertThat(graph(lanes, "mixed").getJobGraph().getVertices())
        .filteredOn(
            vertex ->
                vertex.getName().contains(CommandDecoding.NAME)
                    || vertex.getName().contains(CommandDeciding.NAME))
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

  private static StreamGraph graph(LaneMode lanes, String inputMode) {
    return graph(lanes, inputMode, Map.of());
  }

  private static StreamGraph graph(LaneMode lanes, String inputMode, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.putAll(
        Map.of("lanes", lanes.name(), "input.mode", inputMode, "receipts.topic", "receipts"));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(3);
    TransactionJob.build(env, Settings.of(settings, TransactionOptions.OPTIONS), Policy.OWN);
    return env.getStreamGraph();
  }
}
