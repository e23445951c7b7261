package io.spillway.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.spillway.sandbox.cluster.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedResultsTest {
  private final BenchRun earlier = Recorded.run("2026-11-28T10:00:00Z", "aaaaaaa");
  private final BenchRun later = Recorded.run("2026-11-29T10:00:00Z", "bbbbbbb");

  @Test
  void aNewerFullResultReplacesAnOlderOneInWhateverOrderTheyAreRead() {
    RecordedResult old = Recorded.result(Goal.M4, 60, earlier, false);
    RecordedResult last = Recorded.result(Goal.M4, 70, later, false);

    assertThat(RecordedResults.of(List.of(old, last)).byGoal()).containsValue(last).hasSize(1);
    assertThat(RecordedResults.of(List.of(last, old)).byGoal()).containsValue(last).hasSize(1);
  }

  @Test
  void aQuickResultNeverReplacesAFullOne() {
    RecordedResult full = Recorded.result(Goal.M4, 60, earlier, false);
    RecordedResult quick = Recorded.result(Goal.M4, 70, later, true);

    assertThat(RecordedResults.of(List.of(full, quick)).byGoal()).containsValue(full).hasSize(1);
    assertThat(RecordedResults.of(List.of(quick, full)).byGoal()).containsValue(full).hasSize(1);
  }

  @Test
  void theReportsOfADirectoryAreMerged(@TempDir Path reports) throws IOException {
    write(reports.resolve("bench-1.json"), Goal.M4, false, earlier);
    write(reports.resolve("bench-2.json"), Goal.M4, true, later);
    write(reports.resolve("bench-3.json"), Goal.M9, true, later);
    Files.writeString(reports.resolve("bench-3.html"), "<html>");
    Files.writeString(reports.resolve("demo-1.json"), "of another command");

    Map<Goal, RecordedResult> merged = RecordedResults.in(reports).byGoal();

    assertThat(merged).containsOnlyKeys(Goal.M4, Goal.M9);
    assertThat(merged.get(Goal.M4).run()).isEqualTo(earlier);
    assertThat(merged.get(Goal.M9).quick()).isTrue();
  }

  @Test
  void aDirectoryThatIsNotThereHasNoResults(@TempDir Path directory) {
    assertThat(RecordedResults.in(directory.resolve("reports")).byGoal()).isEmpty();
  }

  @Test
  void aReportThatCannotBeReadIsNamed(@TempDir Path reports) throws IOException {
    Files.writeString(reports.resolve("bench-1.json"), "[{");

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> RecordedResults.in(reports))
        .withMessageContaining("bench-1.json is no report of the bench, remove it");
  }

  private static void write(Path report, Goal goal, boolean quick, BenchRun run)
      throws IOException {
    GoalResult result = new GoalResult(goal, new Spread(2, 1, 3), Map.of());
    Files.writeString(report, BenchJson.of(List.of(result), quick, run));
  }
}
