package io.spillway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DemoJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DemoResult result = SampleDemo.result();

  /** To accept a change: copy target/demo.json over the golden file and look at the difference. */
  @Test
  void theFormIsTheGoldenOne() throws IOException {
    Files.writeString(Path.of("target", "demo.json"), DemoJson.of(result));
    try (var golden = DemoJsonTest.class.getResourceAsStream("demo.json")) {
      assertThat(DemoJson.of(result))
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyFieldThatProgramsReadIsThere() throws IOException {
    JsonNode root = JSON.readTree(DemoJson.of(result));
    assertThat(root.path("job").asText()).isEqualTo("iot");
    assertThat(root.path("overload_factor").asInt()).isEqualTo(5);
    assertThat(root.path("capacity_per_second").isNumber()).isTrue();
    for (String variant : List.of("plain", "spillway")) {
      JsonNode v = root.path("variants").path(variant);
      for (String stage : List.of("calm", "overload", "recovery")) {
        assertThat(v.path("goodput_per_second").path(stage).isNumber()).isTrue();
        for (String priority : List.of("critical", "high", "normal", "bulk")) {
          assertThat(names(v.path("priorities").path(priority).path(stage)))
              .contains(
                  "produced", "delivered", "p50_ms", "p99_ms", "max_ms", "rejected", "deferred");
        }
      }
      assertThat(names(v.path("conservation")))
          .contains(
              "produced",
              "delivered",
              "shed",
              "expired",
              "deferred",
              "throttled",
              "dead_letters",
              "unaccounted");
    }
  }

  @Test
  void theLawHoldsInTheFigures() throws IOException {
    JsonNode root = JSON.readTree(DemoJson.of(result));
    for (JsonNode variant : root.path("variants")) {
      JsonNode law = variant.path("conservation");
      long sum = 0;
      for (String fate :
          List.of(
              "delivered",
              "shed",
              "expired",
              "deferred",
              "throttled",
              "dead_letters",
              "unaccounted")) {
        sum += law.path(fate).asLong();
      }
      assertThat(sum).isEqualTo(law.path("produced").asLong());
    }
  }

  @Test
  void oneLostEventShows() throws IOException {
    DemoResult lost = SampleDemo.resultWithOneLost();
    JsonNode spillway = JSON.readTree(DemoJson.of(lost)).path("variants").path("spillway");
    assertThat(spillway.path("conservation").path("unaccounted").asLong()).isPositive();
    assertThat(lost.isSound()).isFalse();
    assertThat(lost.sentence()).contains("missing");
  }

  private static TreeSet<String> names(JsonNode node) {
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aJobThatAsksARiskServiceSaysHowOften() throws IOException {
    JsonNode variants =
        JSON.readTree(DemoJson.of(SampleDemo.resultWithQuestions(17, 4))).path("variants");
    assertThat(variants.path("plain").path("risk_questions").asLong()).isEqualTo(17);
    assertThat(variants.path("spillway").path("risk_questions").asLong()).isEqualTo(4);
  }
}
