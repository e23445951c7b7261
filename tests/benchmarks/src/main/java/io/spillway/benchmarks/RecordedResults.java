package io.spillway.benchmarks;

import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * What the bench has measured so far, out of its reports: of each figure the newest result of a
 * full run, or, where there is none, of a quick one.
 */
record RecordedResults(Map<Goal, RecordedResult> byGoal) {
  RecordedResults {
    byGoal = byGoal.isEmpty() ? Map.of() : new EnumMap<>(byGoal);
  }

  static RecordedResults of(List<RecordedResult> all) {
    Map<Goal, RecordedResult> best = new EnumMap<>(Goal.class);
    all.forEach(
        one -> best.merge(one.result().goal(), one, BinaryOperator.maxBy(RecordedResult.BY_WORTH)));
    return new RecordedResults(best);
  }

  /**
   * The results in the reports of this directory; none if it is not there.
   *
   * @throws SandboxException if a report cannot be read
   */
  static RecordedResults in(Path reports) {
    if (!Files.isDirectory(reports)) {
      return of(List.of());
    }
    try (Stream<Path> files = Files.list(reports)) {
      return of(
          files
              .filter(file -> file.getFileName().toString().matches("bench-.*\\.json"))
              .sorted()
              .flatMap(file -> read(file).stream())
              .toList());
    } catch (IOException e) {
      throw SandboxException.failure("%s cannot be read: %s".formatted(reports, e), e);
    }
  }

  private static List<RecordedResult> read(Path report) {
    try {
      return BenchJson.read(Files.readString(report));
    } catch (IOException | IllegalArgumentException e) {
      throw SandboxException.failure(
          "%s is no report of the bench, remove it: %s".formatted(report, e.getMessage()), e);
    }
  }
}
