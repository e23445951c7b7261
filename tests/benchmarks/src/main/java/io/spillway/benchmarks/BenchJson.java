package io.spillway.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spillway.benchmarks.BenchRun.Machine;
import io.spillway.benchmarks.BenchRun.Versions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results as JSON: an array with one object for each figure, {@code
 * {"goal","what","measured","min","max","floor","target","unit","baselines":{name:value},"command",
 * "quick","run":{"at","commit","cpu","processors","memoryMiB","os","java","flink","kafka",
 * "kafkaClients","load"}}}. A number that does not exist is null. The form must not change, except
 * by addition.
 */
final class BenchJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchJson() {}

  static String of(List<GoalResult> results, boolean quick, BenchRun run) {
    ArrayNode array = JSON.createArrayNode();
    for (GoalResult result : results) {
      Goal goal = result.goal();
      ObjectNode object = array.addObject();
      object.put("goal", goal.key());
      object.put("what", goal.what());
      object.put("measured", Figures.json(result.measured().median()));
      object.put("min", Figures.json(result.measured().min()));
      object.put("max", Figures.json(result.measured().max()));
      object.put("floor", Figures.json(goal.floor()));
      object.put("target", Figures.json(goal.target()));
      object.put("unit", goal.unit());
      ObjectNode baselines = object.putObject("baselines");
      result.baselines().forEach((name, value) -> baselines.put(name, Figures.json(value)));
      object.put("command", "./spillway bench " + goal.id() + (quick ? " --quick" : ""));
      object.put("quick", quick);
      object.set("run", write(run));
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  /**
   * The results in a report. What is of a figure that is measured no more, and what has no run (as
   * of an older bench), is left out: nobody could say what it means.
   *
   * @throws IllegalArgumentException if this is no report
   */
  static List<RecordedResult> read(String text) {
    List<RecordedResult> results = new ArrayList<>();
    try {
      for (JsonNode object : JSON.readTree(text)) {
        if (object.has("run")) {
          goal(object.path("goal").asText()).ifPresent(goal -> results.add(result(goal, object)));
        }
      }
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return results;
  }

  private static RecordedResult result(Goal goal, JsonNode object) {
    Map<String, Double> baselines = new LinkedHashMap<>();
    object
        .path("baselines")
        .properties()
        .forEach(entry -> baselines.put(entry.getKey(), number(entry.getValue())));
    Spread measured =
        new Spread(
            number(object.path("measured")),
            number(object.path("min")),
            number(object.path("max")));
    return new RecordedResult(
        new GoalResult(goal, measured, baselines),
        run(object.path("run")),
        object.path("command").asText(),
        object.path("quick").asBoolean());
  }

  private static ObjectNode write(BenchRun run) {
    return JSON.createObjectNode()
        .put("at", run.at().toString())
        .put("commit", run.commit())
        .put("cpu", run.machine().cpu())
        .put("processors", run.machine().processors())
        .put("memoryMiB", run.machine().memoryMiB())
        .put("os", run.machine().os())
        .put("java", run.versions().java())
        .put("flink", run.versions().flink())
        .put("kafka", run.versions().kafka())
        .put("kafkaClients", run.versions().kafkaClients())
        .put("load", Figures.json(run.load()));
  }

  private static BenchRun run(JsonNode run) {
    return new BenchRun(
        Instant.parse(run.path("at").asText()),
        run.path("commit").asText(),
        new Machine(
            run.path("cpu").asText(),
            run.path("processors").asInt(),
            run.path("memoryMiB").asLong(),
            run.path("os").asText()),
        new Versions(
            run.path("java").asText(),
            run.path("flink").asText(),
            run.path("kafka").asText(),
            run.path("kafkaClients").asText()),
        number(run.path("load")));
  }

  private static Optional<Goal> goal(String key) {
    return List.of(Goal.values()).stream().filter(goal -> goal.key().equals(key)).findFirst();
  }

  private static double number(JsonNode node) {
    return node.isNumber() ? node.doubleValue() : Double.NaN;
  }
}
