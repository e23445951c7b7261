package io.spillway.sandbox.autoscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * One number that a Prometheus is asked for again and again (its HTTP API, version 1). Thread safe.
 */
public final class PrometheusQuery {
  /** What the HorizontalPodAutoscaler of k8s-operator goes by: offered load / capacity. */
  public static final String LOAD = "max(spillway:load:ratio)";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String query;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  public PrometheusQuery(URI base, String query) {
    this.base = base;
    this.query = query;
  }

  /**
   * The number now; nothing if there is none.
   *
   * @throws SandboxException if nobody answers, or the query is none
   */
  public OptionalDouble ask() {
    URI uri =
        base.resolve("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
      return number(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw SandboxException.failure(
          "no answer from Prometheus at %s: './spillway up --monitoring' starts it, with --reactive JOB"
              .formatted(base),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SandboxException.failure("interrupted");
    }
  }

  OptionalDouble number(String body) throws IOException {
    JsonNode answer = JSON.readTree(body);
    if (!answer.path("status").asText().equals("success")) {
      throw SandboxException.failure(
          "Prometheus refuses %s: %s".formatted(query, answer.path("error").asText()));
    }
    JsonNode result = answer.path("data").path("result");
    if (result.size() > 1) {
      throw SandboxException.failure(
          "%s has %d answers: ask for one, such as max(..)".formatted(query, result.size()));
    }
    String text = result.path(0).path("value").path(1).asText("NaN");
    // Prometheus writes +Inf, -Inf and NaN; a load without a capacity says nothing.
    return text.endsWith("Inf") || text.equals("NaN")
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(text));
  }
}
