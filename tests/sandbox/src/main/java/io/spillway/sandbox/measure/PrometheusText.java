package io.spillway.sandbox.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the Prometheus text exposition format, version 0.0.4. A line that is not a sample is passed
 * over: a scrape must not end a measurement.
 */
public final class PrometheusText {

  /** One sample. */
  public record Sample(String name, Map<String, String> labels, double value) {
    public String label(String label) {
      return labels.getOrDefault(label, "");
    }
  }

  private PrometheusText() {}

  public static List<Sample> parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.split("\n")) {
      Sample sample = line.isBlank() || line.startsWith("#") ? null : sample(line.strip());
      if (sample != null) {
        samples.add(sample);
      }
    }
    return samples;
  }

  private static Sample sample(String line) {
    int brace = line.indexOf('{');
    int space = line.indexOf(' ');
    Map<String, String> labels = new LinkedHashMap<>();
    int nameEnd = space;
    int valueStart = space;
    if (brace >= 0 && (space < 0 || brace < space)) {
      nameEnd = brace;
      valueStart = labels(line, brace + 1, labels);
    }
    if (nameEnd <= 0 || valueStart < 0) {
      return null;
    }
    String[] rest = line.substring(valueStart).strip().split("\\s+");
    try {
      return new Sample(line.substring(0, nameEnd), labels, value(rest[0]));
    } catch (NumberFormatException notASample) {
      return null;
    }
  }

  /** Reads labels up to the closing brace; returns the place after it, or -1 if there is none. */
  private static int labels(String line, int from, Map<String, String> labels) {
    int i = from;
    while (i < line.length() && line.charAt(i) != '}') {
      int equals = line.indexOf('=', i);
      if (equals < 0 || equals + 1 >= line.length() || line.charAt(equals + 1) != '"') {
        return -1;
      }
      StringBuilder value = new StringBuilder();
      int j = equals + 2;
      while (j < line.length() && line.charAt(j) != '"') {
        char c = line.charAt(j);
        if (c == '\\' && j + 1 < line.length()) {
          j++;
          c = line.charAt(j) == 'n' ? '\n' : line.charAt(j);
        }
        value.append(c);
        j++;
      }
      labels.put(line.substring(i, equals).strip(), value.toString());
      i = j + 1;
      while (i < line.length() && (line.charAt(i) == ',' || line.charAt(i) == ' ')) {
        i++;
      }
    }
    return i < line.length() ? i + 1 : -1;
  }

  private static double value(String text) {
    return Double.parseDouble(text.replace("Inf", "Infinity"));
  }
}
