package io.spillway.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The results as JSON: an array with one object for each figure, {@code
 * {"goal","what","measured","min","max","floor","target","unit","baselines":{name:value},"command"}}.
 * A number that does not exist is null. The form must not change, except by addition.
 */
final class BenchJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchJson() {}

  /**
   * @param options what was on the command line besides names, such as {@code --quick}
   */
  static String of(List<GoalResult> results, String options) {
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
      object.put("command", ("./spillway bench " + goal.id() + " " + options).strip());
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }
}
