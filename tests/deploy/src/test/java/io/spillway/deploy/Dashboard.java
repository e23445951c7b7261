package io.spillway.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** One dashboard of Grafana as its JSON has it; the JSON is read strictly. */
record Dashboard(String file, JsonNode content) {
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static Dashboard read(Path file) {
    try {
      return new Dashboard(file.getFileName().toString(), STRICT.readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  static List<Dashboard> all() {
    return MonitoringFiles.files("dashboards", ".json").stream().map(Dashboard::read).toList();
  }

  String uid() {
    return content.path("uid").asText();
  }

  /** Panels that show something; rows are headings. */
  List<JsonNode> panels() {
    return StreamSupport.stream(content.path("panels").spliterator(), false)
        .filter(panel -> !panel.path("type").asText().equals("row"))
        .toList();
  }

  List<JsonNode> variables() {
    return StreamSupport.stream(content.path("templating").path("list").spliterator(), false)
        .toList();
  }

  /** What panels ask Prometheus, with every variable at All. */
  List<String> queries() {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : panels()) {
      panel.path("targets").forEach(target -> queries.add(target.path("expr").asText()));
    }
    return queries.stream().map(Dashboard::forAll).toList();
  }

  /** The metrics whose labels make the choices of variables. */
  List<String> metricsOfVariables() {
    return variables().stream()
        .map(variable -> variable.path("definition").asText())
        .filter(definition -> definition.startsWith("label_values("))
        .map(definition -> definition.replaceFirst("label_values\\((.*),[^,]*\\)$", "$1"))
        .map(Dashboard::forAll)
        .toList();
  }

  private static String forAll(String query) {
    return query.replace("$job", ".+").replace("$lane", ".+");
  }
}
