package io.spillway.sandbox.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spillway.aggregation.WindowEstimate;
import io.spillway.aggregation.WindowSample;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What tumbling windows by site and metric have to hold, computed again from every event that was
 * produced, against what a job and its replays say of them: first results and corrections, merged.
 * The last first result of a window counts. Knows nothing of Kafka. Not thread safe.
 */
public final class ProducedWindows {
  private static final Comparator<Window> IN_ORDER =
      Comparator.comparing(Window::startMillis)
          .thenComparing(Window::site)
          .thenComparing(Window::metric);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final long sizeMillis;
  private final Map<Window, Truth> truth = new HashMap<>();
  private final Map<Window, JsonNode> firsts = new HashMap<>();
  private final Map<Window, List<WindowSample>> corrections = new HashMap<>();

  private record Window(String site, String metric, long startMillis) {
    static Window of(JsonNode result) {
      return new Window(
          result.path("site").asText(),
          result.path("metric").asText(),
          Instant.parse(result.path("start").asText()).toEpochMilli());
    }

    @Override
    public String toString() {
      return "%s %s from %s".formatted(site, metric, Instant.ofEpochMilli(startMillis));
    }
  }

  private record Truth(long count, double sum, double min, double max) {
    static final Truth NONE = new Truth(0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    Truth with(double value) {
      return new Truth(count + 1, sum + value, Math.min(min, value), Math.max(max, value));
    }
  }

  /**
   * How results and truth compare.
   *
   * @param windows that results or truth know
   * @param corrected those with a correction
   * @param leastFirst the lowest coverage of a first result
   * @param coverageGap the largest distance of a coverage from 1 after all corrections
   * @param error the largest relative error of a count or of a sum after all corrections; 0 up to
   *     the rounding of as many additions of doubles; 1 for a window that is missing or invented
   * @param problems what is wrong with which window, also with its other figures
   */
  public record Comparison(
      int windows,
      int corrected,
      double leastFirst,
      double coverageGap,
      double error,
      List<String> problems) {}

  /**
   * @param sizeMillis length of the windows
   */
  public ProducedWindows(long sizeMillis) {
    this.sizeMillis = sizeMillis;
  }

  /** An event was produced. */
  public void produced(long timeMillis, byte[] payload) throws IOException {
    JsonNode reading = JSON.readTree(payload);
    Window window =
        new Window(
            reading.path("site").asText(),
            reading.path("metric").asText(),
            timeMillis - Math.floorMod(timeMillis, sizeMillis));
    truth.put(
        window, truth.getOrDefault(window, Truth.NONE).with(reading.path("value").asDouble()));
  }

  /** The result of a window as the job wrote it. */
  public void first(byte[] json) throws IOException {
    JsonNode result = JSON.readTree(json);
    firsts.put(Window.of(result), result);
  }

  /** A correction as a replay wrote it. */
  public void correction(byte[] json) throws IOException {
    JsonNode correction = JSON.readTree(json);
    corrections
        .computeIfAbsent(Window.of(correction), window -> new ArrayList<>())
        .add(WindowSample.ofText(correction.path("sample").asText()));
  }

  /** Compares; to be called once, when everything has been told. */
  public Comparison compare() throws IOException {
    Set<Window> known = new HashSet<>(truth.keySet());
    known.addAll(firsts.keySet());
    known.addAll(corrections.keySet());
    double leastFirst = 1;
    double coverageGap = 0;
    double error = 0;
    List<String> problems = new ArrayList<>();
    for (Window window : known.stream().sorted(IN_ORDER).toList()) {
      JsonNode first = firsts.get(window);
      Truth expected = truth.get(window);
      if (first == null || expected == null) {
        problems.add(window + (first == null ? " has no result" : " has a result and no event"));
        coverageGap = 1;
        error = 1;
        continue;
      }
      leastFirst = Math.min(leastFirst, first.path("coverage").asDouble());
      Told told = told(first, corrections.getOrDefault(window, List.of()));
      coverageGap = Math.max(coverageGap, Math.abs(1 - told.coverage));
      error = Math.max(error, told.error(expected));
      told.problems(expected).forEach(problem -> problems.add(window + ": " + problem));
    }
    return new Comparison(
        known.size(), corrections.size(), leastFirst, coverageGap, error, problems);
  }

  private static Told told(JsonNode first, List<WindowSample> corrections) throws IOException {
    if (!first.has("sample")) {
      return new Told(
          first.path("coverage").asDouble(),
          first.path("kept").asDouble(),
          first.path("count").asDouble(),
          first.path("countExact").asBoolean(),
          first.path("sum").asDouble(),
          first.path("sumHigh").asDouble() - first.path("sumLow").asDouble(),
          first.path("min").asDouble(),
          first.path("max").asDouble(),
          corrections.size());
    }
    WindowSample sample = WindowSample.ofText(first.path("sample").asText());
    for (WindowSample correction : corrections) {
      sample = sample.mergedWith(correction);
    }
    WindowEstimate merged = WindowEstimate.of(0, 1, sample);
    return new Told(
        merged.coverage(),
        merged.kept(),
        merged.count(),
        merged.countExact(),
        merged.sum().value(),
        merged.sum().high() - merged.sum().low(),
        merged.min(),
        merged.max(),
        0);
  }

  /**
   * What is said of a window in the end.
   *
   * @param interval width of the interval around the sum
   * @param uncalledFor corrections of a window that said it was whole
   */
  private record Told(
      double coverage,
      double kept,
      double count,
      boolean countExact,
      double sum,
      double interval,
      double min,
      double max,
      int uncalledFor) {

    double error(Truth expected) {
      double sumError = Math.abs(sum - expected.sum);
      double rounding = expected.count * Math.ulp(expected.sum);
      return Math.max(
          Math.abs(count - expected.count) / expected.count,
          sumError <= rounding ? 0 : sumError / Math.abs(expected.sum));
    }

    List<String> problems(Truth expected) {
      List<String> problems = new ArrayList<>();
      if (coverage != 1) {
        problems.add("coverage is " + coverage);
      }
      if (kept != expected.count || count != expected.count || !countExact) {
        problems.add(
            "kept %.0f, count %.1f%s of %d"
                .formatted(kept, count, countExact ? "" : " (estimated)", expected.count));
      }
      if (error(expected) > 0) {
        problems.add("sum is %s and has to be %s".formatted(sum, expected.sum));
      }
      if (interval != 0) {
        problems.add("the sum is uncertain by " + interval);
      }
      if (min != expected.min || max != expected.max) {
        problems.add(
            "from %s to %s, and has to be from %s to %s"
                .formatted(min, max, expected.min, expected.max));
      }
      if (uncalledFor > 0) {
        problems.add("corrected although it was whole");
      }
      return problems;
    }
  }
}
