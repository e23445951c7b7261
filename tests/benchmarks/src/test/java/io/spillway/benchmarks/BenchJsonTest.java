package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchJsonTest {
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
          "command":"./spillway bench M1 --quick"},
         {"goal":"M6@settle","what":"time to settle after a step 0.5x to 1.4x","measured":0.3,"min":0.2,
          "max":0.4,"floor":null,"target":null,"unit":"s","baselines":{},
          "command":"./spillway bench M6 --quick"}]
        """;
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(BenchJson.of(results, "--quick")).toString())
        .isEqualTo(json.readTree(expected).toString());
  }

  @Test
  void namesTheCommandWithoutOptionsWhereThereWereNone() {
    GoalResult result = new GoalResult(Goal.M4, new Spread(1, 1, 1), Map.of());
    assertThat(BenchJson.of(List.of(result), "")).contains("\"./spillway bench M4\"");
  }
}
