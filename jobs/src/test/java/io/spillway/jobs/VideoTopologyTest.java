package io.spillway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spillway.admission.LaneMode;
import io.spillway.config.Settings;
import io.spillway.jobs.video.PlaybackDecoding;
import io.spillway.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The graph of the job, without a cluster or a broker. */
class VideoTopologyTest {
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
        TOPOLOGIES.resolve("video-" + lanes.name().toLowerCase(Locale.ROOT) + ".txt"),
        Topology.of(graph(lanes, inputMode)));
  }

  @ParameterizedTest
  @EnumSource
  void neverChainsTheExpensiveStageToAdmission(LaneMode lanes) {
    assertThat(graph(lanes, "mixed").getJobGraph().getVertices())
        .filteredOn(vertex -> vertex.getName().contains(PlaybackDecoding.NAME))
        .isNotEmpty()
        .allSatisfy(
            vertex -> {
              assertThat(vertex.getName()).doesNotContain("Source").doesNotContain("admit");
              assertThat(vertex.getParallelism()).isEqualTo(3);
            });
  }

  private static StreamGraph graph(LaneMode lanes, String inputMode) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(3);
    VideoQoeJob.build(
        env,
        Settings.of(
            Map.of(
                "lanes",
                lanes.name(),
                "input.mode",
                inputMode,
                "receipts.topic",
                "receipts",
                "sessions.topic",
                "video.sessions"),
            VideoOptions.OPTIONS),
        Policy.OWN);
    return env.getStreamGraph();
  }
}
