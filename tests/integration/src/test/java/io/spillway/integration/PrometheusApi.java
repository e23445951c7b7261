package io.spillway.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a test asks a Prometheus (its HTTP API, version 1). Thread safe. */
record PrometheusApi(URI base, HttpClient http) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static PrometheusApi at(URI base) {
    return new PrometheusApi(base, HttpClient.newHttpClient());
  }

  /** The numbers that answer a query now; NaN says nothing and is left out. */
  List<Double> numbers(String query) {
    JsonNode answer =
        get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(query + ": " + answer);
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode series : answer.path("data").path("result")) {
      double number = number(series.path("value").path(1).asText());
      if (!Double.isNaN(number)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** Names of the alerts that fire now. */
  Set<String> firing() {
    Set<String> firing = new TreeSet<>();
    for (JsonNode alert : get("/api/v1/alerts").path("data").path("alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        firing.add(alert.path("labels").path("alertname").asText());
      }
    }
    return firing;
  }

  /** The addresses of those it sends alerts to. */
  List<URI> alertmanagers() {
    List<URI> urls = new ArrayList<>();
    get("/api/v1/alertmanagers")
        .path("data")
        .path("activeAlertmanagers")
        .forEach(manager -> urls.add(URI.create(manager.path("url").asText())));
    return urls;
  }

  JsonNode get(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve(path)).timeout(IotRun.LIMIT).build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
