package io.spillway.integration;

import io.spillway.sandbox.cluster.LocalCluster;
import io.spillway.sandbox.measure.PrometheusText;
import io.spillway.sandbox.measure.PrometheusText.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What rules and dashboards in k8s-operator/monitoring are checked against, held against the pages
 * of a real job. Each section of the list begins with a comment; the first one is of the IoT job.
 */
final class ExportedMetrics {
  private static final Path LIST = Path.of("../../k8s-operator/monitoring/exported-metrics.txt");
  private static final String SECTION = "# Of ";

  private ExportedMetrics() {}

  /** The pages of JobManager and TaskManagers, as a Prometheus server gets them. */
  static List<Sample> scrape(LocalCluster cluster) {
    HttpClient http = HttpClient.newHttpClient();
    List<Sample> all = new ArrayList<>();
    for (URI endpoint : cluster.metricsEndpoints()) {
      try {
        HttpRequest request = HttpRequest.newBuilder(endpoint).timeout(IotRun.LIMIT).build();
        all.addAll(PrometheusText.parse(http.send(request, BodyHandlers.ofString()).body()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    return all;
  }

  /** What the list says of the IoT job. */
  static List<String> ofIot() {
    return lines()
        .takeWhile(line -> !line.startsWith(SECTION))
        .filter(ExportedMetrics::isOne)
        .toList();
  }

  /** What the list says of another job: the section with this beginning. */
  static List<String> of(String job) {
    return lines()
        .dropWhile(line -> !line.startsWith(SECTION + job))
        .skip(1)
        .takeWhile(line -> !line.startsWith(SECTION))
        .filter(ExportedMetrics::isOne)
        .toList();
  }

  /** Those of the lines that no sample of this job is of. */
  static List<String> missing(List<String> lines, List<Sample> scraped, String jobId) {
    return lines.stream()
        .filter(line -> scraped.stream().noneMatch(sample -> isOf(line, sample, jobId)))
        .toList();
  }

  /**
   * Whether a line such as {@code name{label,label}} is about this sample. Those of a process are
   * of no job.
   */
  private static boolean isOf(String line, Sample sample, String jobId) {
    String[] parts = line.split("[{},]");
    return sample.name().equals(parts[0])
        && (parts[0].contains("_Status_") || sample.label("job_id").equals(jobId))
        && sample.label("job_name").isEmpty() == parts[0].contains("_Status_")
        && Stream.of(parts).skip(1).noneMatch(label -> sample.label(label).isEmpty());
  }

  private static boolean isOne(String line) {
    return !line.startsWith("#");
  }

  private static Stream<String> lines() {
    try {
      return Files.readAllLines(LIST).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
