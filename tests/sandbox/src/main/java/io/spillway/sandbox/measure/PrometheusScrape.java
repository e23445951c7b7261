package io.spillway.sandbox.measure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Asks the metric endpoints of a cluster, all at once. An endpoint that does not answer in time, or
 * at all, contributes nothing: a process that is being killed must not end a measurement. Thread
 * safe.
 */
public final class PrometheusScrape {
  private static final Duration LIMIT = Duration.ofMillis(800);

  private final HttpClient client;
  private final List<URI> endpoints;
  private final Duration limit;

  /**
   * @param endpoints for example {@code http://localhost:9249/metrics}; a missing path is added
   */
  public PrometheusScrape(List<URI> endpoints) {
    this(endpoints, LIMIT);
  }

  PrometheusScrape(List<URI> endpoints, Duration limit) {
    this.client = HttpClient.newBuilder().connectTimeout(limit).build();
    this.limit = limit;
    this.endpoints = endpoints.stream().map(PrometheusScrape::withPath).toList();
  }

  /** The state of the jobs now. */
  public JobMetrics now() {
    List<CompletableFuture<HttpResponse<String>>> answers =
        endpoints.stream()
            .map(uri -> HttpRequest.newBuilder(uri).timeout(limit).build())
            .map(request -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .toList();
    List<PrometheusText.Sample> samples = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      try {
        HttpResponse<String> response = answer.join();
        if (response.statusCode() == 200) {
          samples.addAll(PrometheusText.parse(response.body()));
        }
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof IOException)) {
          throw e;
        }
      }
    }
    return JobMetrics.of(samples);
  }

  private static URI withPath(URI endpoint) {
    return endpoint.getPath() == null || endpoint.getPath().length() <= 1
        ? endpoint.resolve("/metrics")
        : endpoint;
  }
}
