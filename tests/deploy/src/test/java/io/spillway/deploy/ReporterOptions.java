package io.spillway.deploy;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Keys of the form {@code metrics.reporter.NAME.KEY}: those that Flink reads for every reporter,
 * and those that the Prometheus reporter reads.
 */
final class ReporterOptions {
  private static final Pattern KEY = Pattern.compile("metrics\\.reporter\\.(\\w+)\\.(.+)");
  private static final Set<String> OF_ANY =
      Set.of(
          "factory.class",
          "interval",
          "scope.delimiter",
          "scope.variables.excludes",
          "scope.variables.additional",
          "filter.includes",
          "filter.excludes");
  private static final Set<String> OF_PROMETHEUS = Set.of("port", "filterLabelValueCharacters");

  private ReporterOptions() {}

  static Optional<String> problem(String key, String value) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return Optional.of("%s: write metrics.reporter.NAME.KEY".formatted(key));
    }
    String option = matcher.group(2);
    if (option.equals("factory.class")) {
      return isFactory(value)
          ? Optional.empty()
          : Optional.of("%s: there is no reporter factory %s".formatted(key, value));
    }
    if (option.equals("port")) {
      return value.matches("\\d{1,5}(-\\d{1,5})?")
          ? Optional.empty()
          : Optional.of("%s: %s is not a port or a range of ports".formatted(key, value));
    }
    return OF_ANY.contains(option) || OF_PROMETHEUS.contains(option)
        ? Optional.empty()
        : Optional.of("%s: no reporter here reads %s".formatted(key, option));
  }

  private static boolean isFactory(String name) {
    try {
      return MetricReporterFactory.class.isAssignableFrom(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
