package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchJsonTest {
  private final BenchRun run = Recorded.run("2026-11-29T14:00:00Z", "abc1234");

  @Test
  void hasTheFormThatMustNotChange() throws IOException {
    Map<String, Double> baselines = new LinkedHashMap<>();
    baselines.put("plain", 1234567.0);
    baselines.put("broken", Double.POSITIVE_INFINITY);
    List<GoalResult> results =
        List.of(
            new GoalResult(Goal.M1_5X, new Spread(0.98765432, 0.9, 1.0), baselines),
            new GoalResult(Goal.M6_SETTLE, new Spread(0.3, 0.2, 0.4), Map.of()));

    String expected =
        """
        [{"goal":"M1@5x","what":"goodput at 5x capacity / goodput at 1x","measured":0.987654,"min":0.9,
          "max":1,"floor":0.9,"target":0.97,"unit":"ratio","baselines":{"plain":1234570,"broken":null},
          "command":"./spillway bench M1 --quick","quick":true,"run":RUN},
         {"goal":"M6@settle","what":"time to settle after a step 0.5x to 1.4x","measured":0.3,"min":0.2,
          "max":0.4,"floor":null,"target":null,"unit":"s","baselines":{},
          "command":"./spillway bench M6 --quick","quick":true,"run":RUN}]
        """
            .replace(
                "RUN",
                """
                {"at":"2026-11-29T14:00:00Z","commit":"abc1234","cpu":"Some CPU","processors":2,
                 "memoryMiB":24105,"os":"Linux 6.1","java":"OpenJDK 17.0.9","flink":"2.3.0",
                 "kafka":"4.3.1","kafkaClients":"4.2.0","load":0.12}
                """);
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(BenchJson.of(results, true, run)).toString())
        .isEqualTo(json.readTree(expected).toString());
  }

  @Test
  void namesTheCommandWithoutOptionsWhereThereWereNone() {
    GoalResult result = new GoalResult(Goal.M4, new Spread(1, 1, 1), Map.of());
    assertThat(BenchJson.of(List.of(result), false, run)).contains("\"./spillway bench M4\"");
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    GoalResult measured = new GoalResult(Goal.M4, new Spread(2, 1, 3), Map.of("plain", 7.5));
    GoalResult failed =
        new GoalResult(Goal.M9, new Spread(Double.NaN, Double.NaN, Double.NaN), Map.of());

    assertThat(BenchJson.read(BenchJson.of(List.of(measured, failed), false, run)))
        .containsExactly(
            new RecordedResult(measured, run, "./spillway bench M4", false),
            new RecordedResult(failed, run, "./spillway bench M9", false));
  }

  @Test
  void resultsOfFiguresThatAreNoMoreAndOfOlderFormsAreLeftOut() {
    String ofNow =
        BenchJson.of(List.of(new GoalResult(Goal.M4, new Spread(2, 1, 3), Map.of())), false, run);

    assertThat(BenchJson.read(ofNow.replace("\"M4\"", "\"M4@gone\""))).isEmpty();
    assertThat(BenchJson.read(ofNow.replace("\"run\"", "\"ran\""))).isEmpty();
  }

  @Test
  void aFileThatIsNoReportIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> BenchJson.read("[{\"goal\":"));
    String badTime =
        BenchJson.of(List.of(new GoalResult(Goal.M4, new Spread(2, 1, 3), Map.of())), false, run)
            .replace("2026-11-29T14:00:00Z", "yesterday");
    assertThatIllegalArgumentException().isThrownBy(() -> BenchJson.read(badTime));
  }
}
